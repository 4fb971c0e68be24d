// SPDX-License-Identifier: Apache-2.0
// Trainings on rows that a teacher has labelled: what each counts, and whether they are learned from at all.
#include "core/store/edit_log.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/label_task.h"
#include "core/tasks/train_task.h"
#include "core/training/first_batch.h"
#include "core/training/teacher_labels.h"
#include "tests/support/tiny_training.h"

using namespace support;
using core::TeacherRecord;
using Learns = core::EmbeddingTeacher::Learns;

class TeacherLabelsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    static std::shared_ptr<core::FeatureReader> reader()
    {
        return core::FeatureReader::open(1, golden("tiny_base").string()).value();
    }

    /// `people` train rows of each class, 20 exam rows of each, and as many texts without a label.
    core::Service makeService(int people, int unlabelled = 40)
    {
        const auto in = m_folder / ("in" + std::to_string(m_services));
        const auto folder = m_folder / ("s" + std::to_string(m_services++));
        writeDistilFolder(in, 20);
        std::string train = "question,answer\n", rest = "context\n";
        for (int i = 0; i < people; ++i)
            train += "money back please " + std::to_string(i) + ",refund\nwhere is my parcel " + std::to_string(i) +
                     ",delivery\n";
        for (int i = 0; i < unlabelled; ++i)
            rest += std::string(i % 2 ? "where is the parcel of mine no " : "my money back please for no ")
                        .append(std::to_string(i)) +
                    "\n";
        write(in / "train.csv", train);
        write(in / "unstructured.csv", rest);
        const auto made = core::initFromFolder(folder, in, "s", {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*core::Service::open(folder));
    }

    static std::vector<core::Example> rowsOf(const core::Service &service, core::Split split)
    {
        return service.examples().read(*service.examples().order({.split = split})).value();
    }

    /// Every unlabelled row goes to Train as if the teacher had said so; `wrong` ones get the other class.
    static void label(const core::Service &service, const std::string &teacher, bool wrong)
    {
        using Field = core::FieldChange::Field;
        const auto labels = service.examples().labels().value();
        const auto idOf = [&](const char *name) {
            for (const auto &label : labels) {
                if (label.name == name)
                    return label.id;
            }
            return int64_t{0};
        };
        core::EditDraft draft;
        draft.title = "Label";
        for (const auto &row : rowsOf(service, core::Split::Unlabelled)) {
            const bool isDelivery = row.text.find("parcel") != std::string::npos;
            core::addLabelChanges(draft, row.id, core::labelSet({idOf(isDelivery != wrong ? "delivery" : "refund")}));
            draft.changes.push_back({row.id, Field::Provenance, "teacher " + teacher, {}});
            draft.changes.push_back({row.id, Field::Confidence, {}, {}, 0.9});
            draft.changes.push_back({row.id, Field::Split, {}, static_cast<int64_t>(core::Split::Train)});
        }
        if (const auto done = core::EditLog(service.database()).apply(draft); !done)
            qFatal("%s", done.error().message.c_str());
    }

    static bool hasNote(const core::TrainOutcome &outcome, const std::string &words)
    {
        for (const std::string &note : outcome.notes) {
            if (note.find(words) != std::string::npos)
                return true;
        }
        qWarning("notes: %s", outcome.notes.empty() ? "none" : outcome.notes.back().c_str());
        return false;
    }

private Q_SLOTS:
    void theExamSaysWhatALabelIsWorth()
    {
        const auto service = makeService(6);
        const auto unknown = TeacherRecord::of(service, "nobody");
        VERIFY_RESULT(unknown);
        QCOMPARE(unknown->reliability({"refund"}, 0.99), 0.5);
        const auto exam = core::examine(service, Learns::Rows, reader(), {});
        VERIFY_RESULT(exam);
        const auto record = TeacherRecord::of(service, core::BuiltInTeacherName);
        VERIFY_RESULT(record);
        for (size_t c = 0; c < exam->labels.size(); ++c) {
            const auto &of = exam->report.perClass[c];
            const double expected = (of.precision * static_cast<double>(of.support) + exam->report.accuracy * 4) /
                                    (static_cast<double>(of.support) + 4);
            QVERIFY(std::abs(record->reliability({exam->labels[c]}, {}) - std::clamp(expected, 0.05, 0.98)) < 1e-9);
        }
        const double sure = record->reliability({"refund"}, 0.94), unsure = record->reliability({"refund"}, 0.51);
        QVERIFY2(sure > unsure, "the surer the more");
        QVERIFY(sure <= 0.98 && unsure >= 0.05);
        // Another teacher's exam says nothing of this one.
        QCOMPARE(TeacherRecord::of(service, "gpt-x")->reliability({"refund"}, {}), 0.5);
    }

    void aTextThatPeopleLabelledIsNoTeachers()
    {
        const auto service = makeService(6, 0);
        core::EditDraft draft;
        const auto labels = *service.examples().labels();
        for (const char *text : {"MONEY back please 1", "parcel late when 3", "another text"})
            draft.newRows.push_back(
                {.text = text, .label = labels[0].id, .split = core::Split::Train, .provenance = "teacher x"});
        draft.title = "Add";
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        const auto names = core::namesOf(labels);
        const auto people = core::readLabelled(service, core::Split::Train, names, core::LabelledBy::People);
        const auto test = core::readLabelled(service, core::Split::Test, names);
        QCOMPARE(people->ids.size(), size_t{12});
        auto known = people->groups;
        known.insert(known.end(), test->groups.begin(), test->groups.end());
        engine::Combinations combinations;
        const auto taught = core::readTaught(service, names, known, combinations);
        VERIFY_RESULT(taught);
        QCOMPARE(taught->rows.texts, std::vector<std::string>{"another text"});
        QCOMPARE(taught->weights, std::vector<float>{0.5F});
        QCOMPARE(*service.examples().taughtRows(), int64_t{3});
    }

    void labelsThatDoHarmAreLeftOut()
    {
        const auto service = makeService(12, 60);
        label(service, "x", true);
        // Rows that the teacher was shown say nothing.
        const auto shown = rowsOf(service, core::Split::Train);
        VERIFY_RESULT(core::TeacherMemory::add(service, "x", {shown[0].id, shown[1].id}));
        const auto memory = core::TeacherMemory::of(service);
        QVERIFY(memory->hasSeen("x", shown[1].id) && !memory->hasSeen("x", shown[60].id));
        QVERIFY(!memory->hasSeen("y", shown[1].id));
        const auto trained = core::train(service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        QVERIFY(trained->run.config.teacherLabels == engine::TeacherLabels::Leave);
        QVERIFY(hasNote(*trained, "are left out: of 22 that people labelled and it had not seen"));
        QCOMPARE((*core::RunStore(service.database()).rowCounts(trained->run.id))["train"], int64_t{24});
        // The texts are texts all the same.
        QCOMPARE((*core::RunStore(service.database()).rowCounts(trained->run.id))["unlabelled"], int64_t{60});
        // Who asks for them gets them.
        auto options = tinyTraining("seconds", 1);
        options.settings.teacherLabels = "use";
        const auto used = core::train(service, options, {});
        VERIFY_RESULT(used);
        QCOMPARE((*core::RunStore(service.database()).rowCounts(used->run.id))["train"], int64_t{84});
    }

    void labelsThatHelpAreUsed()
    {
        // Which thing belongs to which class nobody can guess. People have labelled each once, so that what is left out
        // is never known; the teacher has labelled each five times.
        const auto service = makeService(0, 0);
        const auto labels = *service.examples().labels();
        const char *things[] = {"lamp",   "chair",  "mirror", "kettle", "carpet",  "bottle", "ladder",
                                "pillow", "hammer", "basket", "clock",  "spoon",   "candle", "blanket",
                                "bucket", "pencil", "needle", "drawer", "curtain", "wallet"};
        const char *sentences[] = {"We looked at the %1 for a while.", "Is there another %1 like that?",
                                   "My neighbour has the same %1.", "A %1 stood in the hall.",
                                   "Nobody wants this %1 any more."};
        core::EditDraft draft{.title = "Add"};
        for (size_t thing = 0; thing < std::size(things); ++thing) {
            const int64_t label = labels[thing % 2].id;
            draft.newRows.push_back({.text = std::string("The ").append(things[thing]).append(" came on Monday."),
                                     .label = label,
                                     .split = core::Split::Train,
                                     .provenance = "human"});
            for (const char *sentence : sentences)
                draft.newRows.push_back({.text = QString::fromLatin1(sentence).arg(things[thing]).toStdString(),
                                         .label = label,
                                         .split = core::Split::Train,
                                         .provenance = "teacher x"});
        }
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        auto options = tinyTraining("seconds", 1);
        options.base.clear();  // weights that know words
        const auto trained = core::train(service, options, {});
        VERIFY_RESULT(trained);
        QVERIFY(trained->run.config.teacherLabels == engine::TeacherLabels::Use);
        QVERIFY(hasNote(*trained, "It learns from 100 rows that a teacher labelled, each counting 50 % of one"));
        QCOMPARE((*core::RunStore(service.database()).rowCounts(trained->run.id))["train"], int64_t{120});
        // First batches show them as the run saw them.
        options = tinyTraining("finetune", 1);
        const auto tuned = core::train(service, options, {});
        VERIFY_RESULT(tuned);
        VERIFY_RESULT(core::firstBatch(service, tuned->run));
    }

    void withoutPeopleTheyAreAllThereIs()
    {
        const auto service = makeService(0, 40);
        label(service, "x", false);
        const auto trained = core::train(service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        QVERIFY(hasNote(*trained, "A teacher has labelled all 40 train rows"));
        QVERIFY(trained->run.config.teacherLabels == engine::TeacherLabels::Use);
        QCOMPARE((*core::RunStore(service.database()).rowCounts(trained->run.id))["train"], int64_t{40});
    }

    void aClassThatOnlyTheTeacherKnowsIsLearned()
    {
        const auto service = makeService(6, 40);
        core::EditDraft draft;
        draft.title = "Unlabel";
        const auto labels = *service.examples().labels();
        for (const auto &row : rowsOf(service, core::Split::Train)) {
            if (row.label == labels[1].id)
                draft.changes.push_back({row.id, core::FieldChange::Field::Removed, {}, 1});
        }
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        label(service, "x", false);
        const auto trained = core::train(service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        QVERIFY(hasNote(*trained, "nobody else has labelled rows of some classes"));
        QVERIFY(trained->run.config.teacherLabels == engine::TeacherLabels::Use);
    }

    void aRunGoesOnWithWhatWasDecided()
    {
        const auto service = makeService(12, 60);
        label(service, "x", true);
        std::stop_source stop;
        const auto stopped = core::train(service, tinyTraining("finetune", 3), {stop.get_token()},
                                         [&](const core::CheckpointInfo &) { stop.request_stop(); });
        QVERIFY(!stopped);
        const auto runs = *core::RunStore(service.database()).runs();
        QCOMPARE(runs.size(), size_t{1});
        QVERIFY(runs.front().config.teacherLabels == engine::TeacherLabels::Leave);
        core::TrainOptions options;
        options.resume = runs.front().id;
        const auto done = core::train(service, options, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->checkpoints.size(), size_t{3});
    }

    void theBuiltInTeacherDoesNotLearnFromItself()
    {
        const auto service = makeService(6, 40);
        core::LabelOptions options;
        options.toTrain = true;
        options.provenance = std::string(core::TeacherProvenance) + core::BuiltInTeacherName;
        const auto before = core::EmbeddingTeacher::open(service, reader(), Learns::Rows, {});
        VERIFY_RESULT(before);
        VERIFY_RESULT(core::labelRows(service, reader(), options, {}));
        const auto after = core::EmbeddingTeacher::open(service, reader(), Learns::Rows, {});
        VERIFY_RESULT(after);
        QCOMPARE(after->rows(), before->rows());
        // All that people labelled it has seen: nobody can say whether its labels help, so they are left.
        const auto trained = core::train(service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        QVERIFY(trained->run.config.teacherLabels == engine::TeacherLabels::Leave);
        QVERIFY(hasNote(*trained, "the teacher has seen all"));
        // Whoever wants them is told what the figures are worth.
        auto wanted = tinyTraining("finetune", 1);
        wanted.settings.teacherLabels = "use";
        const auto used = core::train(service, wanted, {});
        VERIFY_RESULT(used);
        QVERIFY(hasNote(*used, "Cross-validated figures may be too good"));
    }
};

QTEST_GUILESS_MAIN(TeacherLabelsTest)
#include "tst_teacher_labels.moc"
