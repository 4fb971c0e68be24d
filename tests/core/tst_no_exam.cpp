// SPDX-License-Identifier: Apache-2.0
// What is said of a checkpoint where there is no exam: the answers to rows that it had not learned from.
#include "core/results/advice.h"
#include "core/results/checkpoint_results.h"
#include "core/results/html_report.h"
#include "core/results/report_json.h"
#include "core/results/slices.h"
#include "core/rows/make_exam.h"
#include "core/store/edit_log.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "tests/support/tiny_training.h"
#include "tests/support/unlike_mails.h"

using namespace support;
using core::ScoreKind;

namespace {

/// Only rows of Train; with `several` a row may have more than one class.
core::Service serviceOf(const TempFolder &folder, int rows, bool several = false)
{
    auto service = core::Service::create(folder / "s", "s", {"task", {{"refund", ""}, {"delivery", ""}}, {}, {}});
    if (several) {
        std::string lines;
        for (int i = 0; i < rows; ++i) {
            lines += nlohmann::json{{"text", std::string(i % 2 ? "parcel " : "") + (i % 3 ? "refund " : "mail ") +
                                                 std::to_string(i * 7919)},
                                    {"labels", {{"delivery", i % 2}, {"refund", i % 3 ? 1 : 0}}}}
                         .dump() +
                     "\n";
        }
        write(folder / "rows.jsonl", lines);
    } else {
        write(folder / "rows.csv", unlikeMails(rows));
    }
    const auto imported =
        core::importFiles(*service, {folder / (several ? "rows.jsonl" : "rows.csv")}, {.typeIsOpen = true}, {});
    if (!imported || imported->imported != rows)
        qFatal("The rows could not be imported.");
    return std::move(*service);
}

}  // namespace

class NoExamTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keptAnswersAreShown_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("several");
        QTest::addColumn<int>("shown");
        QTest::addColumn<QString>("kind");
        QTest::newRow("cross-validated") << 40 << "finetune" << false << 40 << "cross_validated";
        QTest::newRow("quick") << 40 << "seconds" << false << 40 << "cross_validated";
        QTest::newRow("held out") << 240 << "finetune" << false << 48 << "held_out";
        QTest::newRow("several classes") << 40 << "finetune" << true << 40 << "cross_validated";
    }
    /// Rows, confusions, classes, confidence, what next, report: all say something, and where it comes from.
    void keptAnswersAreShown()
    {
        QFETCH(int, rows);
        QFETCH(QString, recipe);
        QFETCH(bool, several);
        QFETCH(int, shown);
        QFETCH(QString, kind);
        const TempFolder folder;
        const auto service = serviceOf(folder, rows, several);
        const auto trained = core::train(service, tinyTraining(recipe.toStdString(), 2), {});
        VERIFY_RESULT(trained);
        for (const core::CheckpointInfo &checkpoint : trained->checkpoints) {
            const core::CheckpointName name{trained->run.id, checkpoint.epoch};
            const auto results = core::readResults(service, name);
            VERIFY_RESULT(results);
            QCOMPARE(QString(core::name(results->shown.kind)), kind);
            QCOMPARE(static_cast<int>(results->shown.size()), shown);
            QCOMPARE(results->shown.examples, results->heldOut.examples);
            QCOMPARE(static_cast<int>(results->report.rows), shown);
            int64_t inBins = 0;
            for (const auto &bin : results->after.bins())
                inBins += bin.count;
            QVERIFY(inBins >= shown);
            // They are those that chose the pass, class by class.
            const auto recorded = core::parseReport(checkpoint.validation);
            QVERIFY(recorded);
            QCOMPARE(recorded->crossValidated, kind == "cross_validated");
            QCOMPARE(recorded->report.rows, results->report.rows);
            QCOMPARE(recorded->report.correct, results->report.correct);
            QCOMPARE(recorded->report.perClass.size(), size_t{2});
            QVERIFY(std::abs(recorded->report.macroF1 - results->report.macroF1) < 1e-9);
            VERIFY_RESULT(core::slicesOf(service, results->shown));

            const auto advice = core::adviceOn(service, *results);
            VERIFY_RESULT(advice);
            QVERIFY(advice->size() >= 2 && advice->size() <= 3);
            QCOMPARE(advice->back().kind, core::Advice::Kind::MakeExam);

            const auto page = core::htmlReport(service, name, {true, false});
            VERIFY_RESULT(page);
            QVERIFY(page->find(core::remarkOn(results->shown.kind)) != std::string::npos);
            QVERIFY(page->find("Counted on " + core::countedRows(results->shown.kind, shown)) != std::string::npos);
            QVERIFY(page->find("exam row") == std::string::npos);

            const auto evaluated = core::evaluate(service, name.text(), core::Split::Test, {});
            VERIFY_RESULT(evaluated);
            QCOMPARE(evaluated->kind, results->shown.kind);
            QCOMPARE(evaluated->ids, results->shown.examples);
            QCOMPARE(evaluated->report.correct, results->report.correct);
            QCOMPARE(evaluated->texts.size(), evaluated->ids.size());
            QVERIFY(!evaluated->stale && evaluated->fromTrain == 0);
            // What the final weights say of the same rows is another thing: they have learned from them.
            const auto now = core::answerNow(service, name.text(), core::Split::Train, {});
            VERIFY_RESULT(now);
            QCOMPARE(static_cast<int>(now->ids.size()), rows);
            QVERIFY(now->probabilities.values != evaluated->probabilities.values);
        }
        const std::string run = trained->run.id;
        const auto compared =
            core::compare(service, run + "/1", run + "/" + std::to_string(trained->checkpoints.back().epoch), {});
        VERIFY_RESULT(compared);
        QCOMPARE(static_cast<int>(compared->rows), shown);
        QCOMPARE(QString(core::name(compared->kindAfter)), kind);

        VERIFY_RESULT(core::exportPackage(service, "best", folder / "package", {}));
        const std::string card = read(folder / "package/README.md");
        const auto shownKind = kind == "held_out" ? ScoreKind::HeldOut : ScoreKind::CrossValidated;
        QVERIFY2(card.find(core::remarkOn(shownKind)) != std::string::npos, card.c_str());
        const auto receipt = nlohmann::json::parse(read(folder / "package/verification.json"));
        QCOMPARE(receipt.at("split").get<std::string>(), std::string("train"));
        QVERIFY(receipt.at("accuracy").is_null());  // it has learned from these rows
        QCOMPARE(QString::fromStdString(receipt.at("report").at("kind").get<std::string>()), kind);
        QCOMPARE(receipt.at("report").at("rows").get<int>(), shown);
    }

    /// Once a part of Train is the exam, what was trained before keeps its marks and does not count by it; what is
    /// trained afterwards is examined.
    void anExamComesAndGoes()
    {
        const TempFolder folder;
        const auto service = serviceOf(folder, 60);
        VERIFY_RESULT(core::train(service, tinyTraining("finetune", 1), {}));
        const core::CheckpointName before{"finetune", 1}, after{"finetune-2", 1};
        const auto cross = core::evaluate(service, before.text(), core::Split::Test, {});
        VERIFY_RESULT(cross);
        const auto made = core::makeExam(service, 0.2, {});
        VERIFY_RESULT(made);
        const auto exam = static_cast<int64_t>(made->plan.rows.size());
        QCOMPARE(exam, 12);

        const auto seen = core::evaluate(service, before.text(), core::Split::Test, {});
        VERIFY_RESULT(seen);
        QCOMPARE(seen->kind, ScoreKind::CrossValidated);
        QCOMPARE(seen->fromTrain, exam);
        QCOMPARE(seen->report.correct, cross->report.correct);
        const auto results = core::readResults(service, before);
        VERIFY_RESULT(results);
        QCOMPARE(results->shown.kind, ScoreKind::CrossValidated);
        QCOMPARE(static_cast<int>(results->shown.size()), 60);
        QVERIFY(core::adviceOn(service, *results)->back().kind != core::Advice::Kind::MakeExam);
        // A package is still checked on the exam rows, but they do not say how good it is.
        VERIFY_RESULT(core::exportPackage(service, before.text(), folder / "package", {}));
        const auto receipt = nlohmann::json::parse(read(folder / "package/verification.json"));
        QCOMPARE(receipt.at("split").get<std::string>(), std::string("test"));
        QVERIFY(receipt.at("accuracy").is_null());
        QCOMPARE(receipt.at("report").at("kind").get<std::string>(), std::string("cross_validated"));

        VERIFY_RESULT(core::train(service, tinyTraining("finetune", 1), {}));
        const auto examined = core::readResults(service, after);
        VERIFY_RESULT(examined);
        QCOMPARE(examined->shown.kind, ScoreKind::Exam);
        QCOMPARE(static_cast<int64_t>(examined->shown.size()), exam);
        QCOMPARE(static_cast<int>(examined->heldOut.size()), 48);
        const auto evaluated = core::evaluate(service, after.text(), core::Split::Test, {});
        VERIFY_RESULT(evaluated);
        QCOMPARE(evaluated->kind, ScoreKind::Exam);
        QCOMPARE(evaluated->fromTrain, 0);
        // Either has answered the exam rows without having learned from them.
        const auto compared = core::compare(service, before.text(), after.text(), {});
        VERIFY_RESULT(compared);
        QCOMPARE(compared->rows, exam);
        QCOMPARE(compared->kindBefore, ScoreKind::CrossValidated);
        QCOMPARE(compared->kindAfter, ScoreKind::Exam);

        // A row of Train that becomes an exam row later is left out of the exam of those who have learned from it.
        const auto train = service.examples().order({.split = core::Split::Train});
        VERIFY_RESULT(train);
        VERIFY_RESULT(core::EditLog(service.database())
                          .apply("Move", std::vector<core::FieldChange>{{train->front(),
                                                                         core::FieldChange::Field::Split,
                                                                         {},
                                                                         static_cast<int64_t>(core::Split::Test)}}));
        const auto more = core::evaluate(service, after.text(), core::Split::Test, {});
        VERIFY_RESULT(more);
        QCOMPARE(static_cast<int64_t>(more->ids.size()), exam);
        QCOMPARE(more->fromTrain, 1);
        QVERIFY(more->stale);

        // Undone, all is as it was: the exam of the second is gone, its held-out answers are shown.
        const core::EditLog log(service.database());
        VERIFY_RESULT(log.undo());
        VERIFY_RESULT(log.undo());
        QCOMPARE(service.examples().counts()->test, 0);
        const auto again = core::evaluate(service, before.text(), core::Split::Test, {});
        VERIFY_RESULT(again);
        QCOMPARE(again->report.correct, cross->report.correct);
    }

    /// A run of an older version, which kept nothing of its held-out rows.
    void nothingKeptIsSaid()
    {
        const TempFolder folder;
        auto service = serviceOf(folder, 40);
        VERIFY_RESULT(core::train(service, tinyTraining("finetune", 1), {}));
        service.database().prepare("DELETE FROM prediction").run();
        const core::CheckpointName name{"finetune", 1};
        const auto results = core::readResults(service, name);
        VERIFY_RESULT(results);
        QCOMPARE(results->shown.size(), size_t{0});
        const auto advice = core::adviceOn(service, *results);
        VERIFY_RESULT(advice);
        QCOMPARE(advice->size(), size_t{1});
        QCOMPARE(advice->front().kind, core::Advice::Kind::MakeExam);
        const auto evaluated = core::evaluate(service, name.text(), core::Split::Test, {});
        QVERIFY(!evaluated);
        QVERIFY(evaluated.error().message.find("Keep a part of Train for the exam") != std::string::npos);
        const auto page = core::htmlReport(service, name, {});
        VERIFY_RESULT(page);
        QVERIFY(page->find("nothing can be said") != std::string::npos);
        VERIFY_RESULT(core::exportPackage(service, "best", folder / "package", {}));
        QVERIFY(read(folder / "package/README.md").find("nothing is known about rows") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(NoExamTest)
#include "tst_no_exam.moc"
