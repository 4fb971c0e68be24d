// SPDX-License-Identifier: Apache-2.0
// A language model labels rows: a sample first, one edit for all of them, and what becomes of what people do meanwhile.
#include "core/store/edit_log.h"
#include "core/store/label_set.h"
#include "core/tasks/label_task.h"
#include "tests/support/mail_service.h"

using namespace support;

namespace {

constexpr const char *Refund = R"({"label":"refund"})";
constexpr const char *Delivery = R"({"label":"delivery"})";

QByteArray rightAnswer(const QByteArray &text)
{
    return text.contains("parcel") ? Delivery : Refund;
}

}  // namespace

class LabellingTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

private Q_SLOTS:
    void aSampleWritesNothingAndIsNotBoughtTwice()
    {
        auto service = makeMailService(m_folder, 12, 40);
        FaultTeacher teacher;
        teacher.setAnswers(
            [](const QByteArray &text) { return text.contains("parcel") ? QByteArray(Delivery) : QByteArray(Refund); });
        const auto endpoint = endpointOf(teacher);
        const auto sample = core::sampleLabels(service, endpoint, {}, 10, {});
        VERIFY_RESULT(sample);
        QCOMPARE(sample->rows.size(), size_t{10});
        QCOMPARE(sample->allRows, int64_t{40});
        QVERIFY(sample->inputTokens > 0);
        QCOMPARE(teacher.requests(), 10);
        QCOMPARE(service.examples().counts()->unlabelled, int64_t{40});
        const auto again = core::sampleLabels(service, endpoint, {}, 10, {});
        VERIFY_RESULT(again);
        QCOMPARE(again->calls.bought, int64_t{0});
        QCOMPARE(again->inputTokens, sample->inputTokens);
        std::vector<core::AskingState> states;
        const auto done = core::labelRows(service, endpoint, core::TeacherJob(), {.provenance = "teacher x"}, {},
                                          [&](const core::AskingState &state) { states.push_back(state); });
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{40});
        QCOMPARE(teacher.requests(), 40);
        QVERIFY(!states.empty());
        QCOMPARE(states.back().counts.labelled, int64_t{40});
        QCOMPARE(states.back().newest.size(), size_t{10});
    }

    void aStopKeepsWhatIsLabelled()
    {
        auto service = makeMailService(m_folder, 12, 40);
        FaultTeacher teacher;
        std::stop_source stop;
        teacher.setWeather([&](int number, const QByteArray &) {
            if (number == 20)
                stop.request_stop();
            return TeacherFault{.delayMs = 5};
        });
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Refund); });
        core::TeacherJob chat;
        chat.calls.limits.concurrency = 2;
        const auto done =
            core::labelRows(service, endpointOf(teacher), chat, {.provenance = "teacher x"}, {stop.get_token()});
        VERIFY_RESULT(done);
        QVERIFY(done->calls.end == core::CallSummary::End::Stopped);
        QVERIFY(done->labelled >= 10 && done->labelled < 25);
        QCOMPARE(done->asked, done->labelled);
        QCOMPARE(done->calls.bought, done->labelled);
        // The next one asks about the others alone.
        teacher.setWeather({});
        const auto rest = core::labelRows(service, endpointOf(teacher), chat, {.provenance = "teacher x"}, {});
        VERIFY_RESULT(rest);
        QCOMPARE(rest->labelled, 40 - done->labelled);
    }

    void manyRowsAreOneEditAndWhatPeopleDoMeanwhileStays()
    {
        constexpr int Rows = 2500;
        auto service = makeMailService(m_folder, 4, Rows);
        const core::EditLog log(service.database());
        const auto before = *service.examples().order({.split = core::Split::Unlabelled});
        const auto labels = *service.examples().labels();
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        const std::vector<int64_t> theirs{before[0], before[1000], before[2000]};
        teacher.setWeather([&](int number, const QByteArray &) {
            if (number == Rows - 50) {
                core::EditDraft draft{.title = "By hand"};
                for (const int64_t row : theirs)
                    core::addPersonsLabels(draft, row, core::labelSet({labels.front().id}));
                auto other = core::Service::open(service.folder());
                if (!other || !core::EditLog(other->database()).apply(draft))
                    qFatal("not written");
            }
            return TeacherFault();
        });
        core::LabelOptions options{.toTrain = true, .provenance = "teacher x"};
        // How far it is, is said of all rows, though they are asked about in parts.
        std::vector<base::Progress> said;
        const auto done = core::labelRows(service, endpointOf(teacher), core::TeacherJob(), options,
                                          {{}, [&](const base::Progress &progress) { said.push_back(progress); }});
        VERIFY_RESULT(done);
        int64_t last = 0;
        for (const auto &progress : said) {
            if (progress.phase != "Labelling")
                continue;
            QCOMPARE(progress.total, int64_t{Rows});
            QVERIFY(progress.done > last);
            last = progress.done;
        }
        QCOMPARE(last, int64_t{Rows});
        QCOMPARE(done->asked, int64_t{Rows});
        QCOMPARE(done->taken, int64_t{3});
        QCOMPARE(done->labelled, int64_t{Rows - 3});
        const auto rows = *service.examples().read(before);
        for (const auto &row : rows) {
            const bool isTheirs = std::ranges::find(theirs, row.id) != theirs.end();
            const bool isParcel = row.text.find("parcel") != std::string::npos;
            const auto label = std::ranges::find(labels, isParcel ? "delivery" : "refund", &core::Label::name)->id;
            QCOMPARE(row.label, isTheirs ? labels.front().id : label);
            QCOMPARE(row.provenance, std::string(isTheirs ? "human" : "teacher x"));
            QVERIFY(row.split == (isTheirs ? core::Split::Unlabelled : core::Split::Train));
            QCOMPARE(row.confidence.has_value(), !isTheirs);
        }
        const auto history = *log.history();
        QCOMPARE(history.front().id, *done->edit);
        QVERIFY2(history.front().title.find("by teacher x") != std::string::npos, history.front().title.c_str());
        // One edit: undone at once, and theirs is still theirs.
        VERIFY_RESULT(log.undo());
        QCOMPARE(service.examples().counts()->unlabelled, int64_t{Rows});
        const auto kept = *service.examples().read(theirs);
        for (const auto &row : kept)
            QCOMPARE(row.provenance, std::string("human"));
    }

    void aClassThatGoesMeanwhileIsNotWritten()
    {
        auto service = makeMailService(m_folder, 4, 40);
        const auto labels = *service.examples().labels();
        const auto refund = std::ranges::find(labels, "refund", &core::Label::name)->id;
        FaultTeacher teacher;
        teacher.setAnswers(rightAnswer);
        teacher.setWeather([&](int number, const QByteArray &) {
            if (number == 30) {
                core::EditDraft draft{.title = "Remove a class"};
                draft.labels.push_back({refund, core::LabelChange::Field::Removed, {}, 1});
                auto other = core::Service::open(service.folder());
                if (!other || !core::EditLog(other->database()).apply(draft))
                    qFatal("not written");
            }
            return TeacherFault();
        });
        const auto done =
            core::labelRows(service, endpointOf(teacher), core::TeacherJob(), {.provenance = "teacher x"}, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->labelled, int64_t{20});
        QCOMPARE(done->taken, int64_t{20});
        const auto left = *service.examples().order({.split = core::Split::Unlabelled, .onlyUnlabelled = true});
        QCOMPARE(left.size(), size_t{20});
    }
};

QTEST_GUILESS_MAIN(LabellingTest)
#include "tst_labelling.moc"
