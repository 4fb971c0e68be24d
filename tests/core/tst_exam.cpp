// SPDX-License-Identifier: Apache-2.0
// Teachers that need no network, and what becomes of their exams.
#include "core/imports/import_task.h"
#include "core/results/checkpoint_results.h"
#include "core/results/comparison.h"
#include "core/results/custom_metric.h"
#include "core/results/html_report.h"
#include "core/store/edit_log.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"

#include <cmath>

using namespace support;
using Learns = core::EmbeddingTeacher::Learns;

class ExamTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    /// Two classes that are easily told, `rows` train rows of each and 20 test rows of each.
    core::Service makeService(int rows)
    {
        const auto in = m_folder / ("in" + std::to_string(m_services));
        const auto folder = m_folder / ("s" + std::to_string(m_services++));
        writeDistilFolder(in, 20);
        std::string train = "question,answer\n";
        for (int i = 0; i < rows; ++i)
            train += "money back please " + std::to_string(i) + ",refund\nwhere is my parcel " + std::to_string(i) +
                     ",delivery\n";
        write(in / "train.csv", train);
        const auto made = core::initFromFolder(folder, in, "s", {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return std::move(*core::Service::open(folder));
    }
    static std::shared_ptr<core::FeatureReader> reader() { return core::FeatureReader::open(1, tiny()).value(); }
    static std::string tiny() { return golden("tiny_base").string(); }

private Q_SLOTS:
    void answersAreKeptLikeACheckpoints()
    {
        const auto service = makeService(6);
        const auto trained = core::train(service, tinyTraining("seconds", 1), {});
        VERIFY_RESULT(trained);
        for (const Learns learns : {Learns::Descriptions, Learns::Rows}) {
            const auto exam = core::examine(service, learns, reader(), {});
            VERIFY_RESULT(exam);
            QCOMPARE(exam->report.rows, int64_t{40});
            QCOMPARE(exam->learnedRows, int64_t{learns == Learns::Rows ? 12 : 0});
            const auto name = core::resolveAnswers(service, exam->name);
            VERIFY_RESULT(name);
            QVERIFY(name->isExam());
            const auto results = core::readResults(service, *name);
            VERIFY_RESULT(results);
            QCOMPARE(results->report.correct, exam->report.correct);
            QVERIFY(std::abs(results->report.logLoss - exam->report.logLoss) < 1e-6);
            QVERIFY(results->heldOut.size() == 0);
            VERIFY_RESULT(core::htmlReport(service, *name, {true, true}));
            VERIFY_RESULT(core::scoreBy(core::readyMetrics().front(), service, results->shown, {}));
            // It has nothing that could be used, chosen or trained on.
            const auto weights = core::resolveCheckpoint(service, exam->name);
            QVERIFY(!weights);
            QVERIFY(weights.error().code == base::ErrorCode::Unsupported);
            const auto compared = core::compare(service, exam->name, "best", {});
            VERIFY_RESULT(compared);
            QCOMPARE(compared->rows, int64_t{40});
            QCOMPARE(compared->rightBefore, exam->report.correct);
        }
        const core::RunStore store(service.database());
        QCOMPARE(store.runs()->size(), size_t{1});
        QCOMPARE(store.exams()->size(), size_t{2});
        QCOMPARE(core::resolveCheckpoint(service, "best")->run, trained->run.id);
        const auto exams = *store.exams();
        QVERIFY(core::configDifferences(exams.front(), *store.run(trained->run.id)).empty());
    }

    void aLaterExamTakesThePlaceOfTheOneBefore()
    {
        const auto service = makeService(4);
        VERIFY_RESULT(core::examine(service, Learns::Rows, reader(), {}));
        // Ten exam rows go.
        core::EditDraft draft;
        draft.title = "Remove";
        const auto ids = service.examples().order({.split = core::Split::Test});
        for (size_t i = 0; i < 10; ++i)
            draft.changes.push_back({(*ids)[i], core::FieldChange::Field::Removed, {}, 1});
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        const auto before = core::readAnswers(service, {"built-in", 0}, core::RunStore::Part::Exam);
        QCOMPARE(before->size(), size_t{30});
        QCOMPARE(before->leftOut, int64_t{10});
        const auto again = core::examine(service, Learns::Rows, reader(), {});
        VERIFY_RESULT(again);
        QCOMPARE(again->name, std::string("built-in"));
        QCOMPARE(again->report.rows, int64_t{30});
        QCOMPARE(core::RunStore(service.database()).exams()->size(), size_t{1});
    }

    /// A training may be called so; its checkpoints stay.
    void aRunOfTheSameNameStays()
    {
        const auto service = makeService(6);
        auto options = tinyTraining("seconds", 1);
        options.name = "untrained";
        VERIFY_RESULT(core::train(service, options, {}));
        const auto exam = core::examine(service, Learns::Descriptions, reader(), {});
        VERIFY_RESULT(exam);
        QCOMPARE(exam->name, std::string("untrained-2"));
        VERIFY_RESULT(core::resolveCheckpoint(service, "untrained/1"));
        const auto again = core::examine(service, Learns::Descriptions, reader(), {});
        QCOMPARE(again->name, std::string("untrained-2"));
    }

    /// Few rows are learned from as prototypes, many by a head.
    void rowsHelpAsTheyGrow()
    {
        int64_t before = 0;
        for (const int rows : {0, 2, 15}) {
            const auto service = makeService(rows);
            const auto exam = core::examine(service, Learns::Rows, reader(), {});
            VERIFY_RESULT(exam);
            QCOMPARE(exam->learnedRows, int64_t{2 * rows});
            QVERIFY2(exam->report.correct >= before, qPrintable(QString::number(exam->report.correct)));
            before = rows > 0 ? exam->report.correct : 0;  // random weights know no descriptions
        }
        QVERIFY(before >= 30);
    }

    void prototypesAreCalibratedOnRowsLeftOut()
    {
        // One class has two rows, so that prototypes answer; the other 40.
        auto service = makeService(2);
        std::string more = "text,label\n";
        for (int i = 0; i < 38; ++i)
            more += "please give me my money back " + std::to_string(i) + ",refund\n";
        write(m_folder / "more.csv", more);
        VERIFY_RESULT(core::importFiles(service, {m_folder / "more.csv"}, {.split = core::Split::Train}, {}));
        const auto teacher = core::EmbeddingTeacher::open(service, reader(), Learns::Rows, {});
        VERIFY_RESULT(teacher);
        QCOMPARE(teacher->rows(), int64_t{42});
        const auto answers = teacher->probabilities({"money back please", "where is my parcel", ""}, {});
        VERIFY_RESULT(answers);
        for (size_t i = 0; i < 3; ++i)
            QVERIFY(std::abs(answers->row(i)[0] + answers->row(i)[1] - 1) < 1e-5F);
        QVERIFY(answers->row(0)[0] > 0.5F && answers->row(1)[1] > 0.5F);
    }

    void whatIsMissingIsSaid()
    {
        auto service = makeService(3);
        core::EditDraft draft;
        draft.title = "Remove";
        const auto ids = service.examples().order({.split = core::Split::Test});
        for (const int64_t id : *ids)
            draft.changes.push_back({id, core::FieldChange::Field::Removed, {}, 1});
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));
        const auto exam = core::examine(service, Learns::Descriptions, reader(), {});
        QVERIFY(!exam);
        QVERIFY(exam.error().code == base::ErrorCode::InvalidInput);
        const auto empty = core::Service::create(m_folder / "empty", "empty", {}, {});
        VERIFY_RESULT(empty);
        QVERIFY(core::examine(*empty, Learns::Descriptions, reader(), {}).error().code == base::ErrorCode::Blocked);
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = core::examine(makeService(3), Learns::Rows, reader(), {stop.get_token()});
        QVERIFY(!stopped);
        QVERIFY(stopped.error().code == base::ErrorCode::Cancelled);
        QVERIFY(core::resolveAnswers(service, "nobody").error().code == base::ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(ExamTest)
#include "tst_exam.moc"
