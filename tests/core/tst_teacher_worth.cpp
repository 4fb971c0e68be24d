// SPDX-License-Identifier: Apache-2.0
// What an exam of few rows proves of a teacher, and what is said before its labels are paid for.
#include "core/store/run_store.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/teacher_worth.h"
#include "tests/support/cli.h"
#include "tests/support/mail_service.h"

using namespace support;

namespace {

engine::ClassificationReport reportOf(int64_t correct, int64_t rows)
{
    engine::ClassificationReport report;
    report.rows = rows;
    report.correct = correct;
    report.accuracy = static_cast<double>(correct) / static_cast<double>(rows);
    report.interval = engine::wilsonInterval(correct, rows);
    return report;
}

/// Of two classes, `right` of `rows` each; what is wrong is answered with the other class.
core::StoredReport examOf(std::pair<int64_t, int64_t> first, std::pair<int64_t, int64_t> second)
{
    core::StoredReport exam;
    exam.labels = {"refund", "delivery"};
    const auto [a, aRows] = first;
    const auto [b, bRows] = second;
    exam.report = reportOf(a + b, aRows + bRows);
    exam.report.confusion = {{a, aRows - a}, {bRows - b, b}};
    const auto metrics = [](int64_t right, int64_t rows, int64_t answered) {
        return engine::ClassMetrics{answered > 0 ? static_cast<double>(right) / static_cast<double>(answered) : 0,
                                    static_cast<double>(right) / static_cast<double>(rows), 0, rows};
    };
    exam.report.perClass = {metrics(a, aRows, a + bRows - b), metrics(b, bRows, b + aRows - a)};
    return exam;
}

}  // namespace

class TeacherWorthTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    /// A checkpoint that took the exam.
    static void putClassifier(const core::Service &service, int64_t correct, int64_t rows)
    {
        const core::RunStore store(service.database());
        core::RunInfo info;
        info.base = "weights";
        info.labels = {"refund", "delivery"};
        VERIFY_RESULT(store.create("first", info, {}));
        const std::string heldOut = R"({"accuracy":0.8,"log_loss":0.5,"rows":100})";
        core::StoredReport exam = examOf({correct / 2, rows / 2}, {correct - correct / 2, rows - rows / 2});
        VERIFY_RESULT(
            store.putCheckpoint("first", {1, 0.1, 1, heldOut, core::reportJson(exam.report, exam.labels).dump()}, {}));
        write(service.checkpointFolder("first", 1) / "config.json", "{}");
        write(service.checkpointFolder("first", 1) / "model.safetensors", "x");
        VERIFY_RESULT(store.setState("first", "succeeded"));
    }

private Q_SLOTS:
    void aClassIsGoodByItsLowerBound()
    {
        // All right, of five rows: that proves nothing.
        auto verdicts = core::classVerdicts(examOf({5, 5}, {40, 40}));
        QCOMPARE(verdicts.good, std::vector<std::string>{"delivery"});
        QCOMPARE(verdicts.unproven, std::vector<std::string>{"refund"});
        QVERIFY(verdicts.weak.empty());
        // Enough rows.
        verdicts = core::classVerdicts(examOf({95, 100}, {96, 100}));
        QCOMPARE(verdicts.good.size(), size_t{2});
        // Not good even as it stands.
        verdicts = core::classVerdicts(examOf({6, 20}, {5, 20}));
        QCOMPARE(verdicts.weak.size(), size_t{2});
        QCOMPARE(verdicts.all(), size_t{2});
        // Found always, but answered too often: the precision counts as well.
        verdicts = core::classVerdicts(examOf({40, 40}, {10, 40}));
        QCOMPARE(verdicts.weak.size(), size_t{2});
        // Rows without an answer are no class.
        auto exam = examOf({40, 40}, {40, 40});
        exam.labels.back() = core::NoAnswer;
        QCOMPARE(core::classVerdicts(exam).all(), size_t{1});
    }

    void aTeacherStandsToTheClassifier_data()
    {
        QTest::addColumn<int>("teacher");
        QTest::addColumn<int>("classifier");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("standing");
        const auto row = [](const char *name, int teacher, int classifier, int rows, core::Standing standing) {
            QTest::newRow(name) << teacher << classifier << rows << static_cast<int>(standing);
        };
        row("a small model", 11, 33, 40, core::Standing::Worse);
        row("one row less of few", 8, 9, 10, core::Standing::NotShown);
        row("one row more of few", 10, 9, 10, core::Standing::NotShown);
        row("far better", 40, 20, 40, core::Standing::Better);
        row("a little better, of many", 950, 900, 1000, core::Standing::Better);
        row("a little worse, of many", 850, 900, 1000, core::Standing::Worse);
    }
    void aTeacherStandsToTheClassifier()
    {
        QFETCH(int, teacher);
        QFETCH(int, classifier);
        QFETCH(int, rows);
        QFETCH(int, standing);
        const auto own = reportOf(teacher, rows), theirs = reportOf(classifier, rows);
        QCOMPARE(static_cast<int>(core::standingOf(own, theirs)), standing);
        const std::string warning = core::warningOf(&own, theirs, "first/1");
        QCOMPARE(warning.empty(), standing == static_cast<int>(core::Standing::Better));
        if (!warning.empty())
            QVERIFY2(warning.find(std::to_string(teacher) + " of " + std::to_string(rows)) != std::string::npos,
                     warning.c_str());
    }

    /// On the command line, with a service that is only right now and then: said before it is asked for a label.
    void itIsSaidBeforeLabelsArePaidFor()
    {
        const auto service = makeMailService(m_folder, 20, 8);
        FaultTeacher teacher;
        teacher.setAnswers([](const QByteArray &) { return QByteArray(R"({"label":"refund"})"); });
        const QString host = QString(teacher.address()).section('/', 2, 2);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CONFIG_HOME", argument(m_folder / "config"));
        const auto run = [&](const QString &command) {
            return runCli({command, argument(service.folder()), "--teacher", host + "/chat/completions", "--model",
                           "teacher-1", "--json"},
                          {}, environment);
        };
        teacher.setPlace("/v1/chat/completions", {.status = 404, .body = R"({"detail":"Not Found"})"});
        // Without a classifier there is nothing to compare with.
        const auto before = run("exam");
        QVERIFY2(before.code == 0, before.err.c_str());
        QVERIFY(before.json()["teacher_warning"].is_null());
        QCOMPARE(before.json()["accuracy"].get<double>(), 0.5);
        QCOMPARE(before.json()["address"].get<std::string>(), teacher.address().toStdString());
        QVERIFY2(before.err.find("The service is at " + teacher.address().toStdString()) != std::string::npos,
                 before.err.c_str());
        // What the service billed is what is said: every request was.
        QCOMPARE(before.json()["input_tokens"].get<int>(), 20 * (teacher.requests() - 1));
        putClassifier(service, 38, 40);
        const int asked = teacher.requests();
        const auto labelled = run("label");
        QVERIFY2(labelled.code == 0, labelled.err.c_str());
        const auto warning = labelled.json()["teacher_warning"].get<std::string>();
        QVERIFY2(warning.find("worse than the classifier") != std::string::npos, warning.c_str());
        QVERIFY2(warning.find("20 of 40") != std::string::npos && warning.find("38 of 40") != std::string::npos,
                 warning.c_str());
        QVERIFY(labelled.err.find(warning) < labelled.err.find("answers bought"));
        QVERIFY(teacher.requests() > asked);
        // Of a model that nobody examined.
        const auto other = core::warningAbout(service, "teacher-2");
        VERIFY_RESULT(other);
        QVERIFY2(other->find("not taken the exam") != std::string::npos, other->c_str());
    }
};

QTEST_GUILESS_MAIN(TeacherWorthTest)
#include "tst_teacher_worth.moc"
