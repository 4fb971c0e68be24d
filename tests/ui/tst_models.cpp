// SPDX-License-Identifier: Apache-2.0
// Every table model keeps Qt's rules while its service changes.
#include "core/jobs/job_runner.h"
#include "tests/support/support.h"
#include "ui/models/checkpoint_table_model.h"
#include "ui/models/confusion_model.h"
#include "ui/models/example_table_model.h"
#include "ui/models/label_list_model.h"
#include "ui/models/prediction_table_model.h"
#include "ui/session/class_edits.h"
#include "ui/session/row_edits.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace support;
using Tester = QAbstractItemModelTester;

class ModelsTest : public QObject {
    Q_OBJECT

private:
    static std::unique_ptr<ui::Session> makeSession(const TempFolder &folder, core::JobRunner &runner)
    {
        if (!core::Service::create(folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}}))
            qFatal("no service");
        auto session = ui::Session::open(folder / "s", runner);
        return std::move(*session);
    }

private Q_SLOTS:
    void rowsFollowEditsUndoAndFilters()
    {
        const TempFolder folder;
        core::JobRunner runner;
        const auto session = makeSession(folder, runner);
        ui::ExampleTableModel model(*session);
        const Tester tester(&model, Tester::FailureReportingMode::QtTest);
        model.setQuery({.split = core::Split::Train});
        const auto cells = ui::cellsOf(QStringLiteral("one\ta\ntwo\tb\n\"with \"\"quotes\"\"\tand tab\"\tc\n"));
        QVERIFY(session->apply(ui::pasteDraft(*session, cells, ui::guessColumns(cells), core::Split::Train)));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(2, 2).data(Qt::EditRole).toString(), QString("with \"quotes\"\tand tab"));
        QCOMPARE(model.index(2, 2).data().toString(), QString("with \"quotes\" and tab"));
        QCOMPARE(model.index(2, 3).data().toString(), QString("c"));
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QVERIFY(model.setData(model.index(0, 3), "b", Qt::EditRole));
        QCOMPARE(resets.size(), 0);  // the view keeps its place
        QCOMPARE(model.index(0, 3).data().toString(), QString("b"));
        QVERIFY(!model.setData(model.index(0, 0), "9", Qt::EditRole));
        model.setQuery({.split = core::Split::Train, .search = "one"});
        QCOMPARE(model.rowCount(), 1);
        session->undo();
        QCOMPARE(model.index(0, 3).data().toString(), QString("a"));
        session->undo();
        QCOMPARE(model.rowCount(), 0);
    }

    void aLargeServiceIsOrderedInTheBackground()
    {
        const TempFolder folder;
        core::JobRunner runner;
        const auto session = makeSession(folder, runner);
        std::vector<core::Example> rows(30'000);
        for (size_t i = 0; i < rows.size(); ++i)
            rows[i] = {.text = "row " + std::to_string(i), .label = 1 + static_cast<int64_t>(i % 2)};
        const core::EditLog log(session->service().database());
        const auto edit = log.open("Add");
        VERIFY_RESULT(log.add(*edit, rows));
        VERIFY_RESULT(log.close(*edit));
        session->refresh();
        ui::ExampleTableModel model(*session);
        model.setQuery({.split = core::Split::Train, .label = 2});
        QTRY_COMPARE(model.rowCount(), 15'000);
        QCOMPARE(model.index(14'999, 2).data().toString(), QString("row 29999"));
        QCOMPARE(model.index(0, 2).data().toString(), QString("row 1"));
    }

    void classesFollowEdits()
    {
        const TempFolder folder;
        core::JobRunner runner;
        const auto session = makeSession(folder, runner);
        ui::LabelListModel model(*session);
        const Tester tester(&model, Tester::FailureReportingMode::QtTest);
        QVERIFY(session->apply(ui::addClassDraft("c")));
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(session->apply(ui::reorderDraft(session->labels(), 3, -1)));
        QCOMPARE(model.index(1, 0).data().toString(), QString("c"));
        QVERIFY(model.setData(model.index(1, 0), "d", Qt::EditRole));
        QSignalSpy failures(session.get(), &ui::Session::editFailed);
        QVERIFY(!model.setData(model.index(1, 0), "a", Qt::EditRole));
        QCOMPARE(failures.size(), 1);
        QCOMPARE(model.index(1, 0).data().toString(), QString("d"));
    }

    void resultsKeepTheRules()
    {
        const TempFolder folder;
        core::JobRunner runner;
        const auto session = makeSession(folder, runner);
        ui::CheckpointTableModel checkpoints(*session);
        const Tester first(&checkpoints, Tester::FailureReportingMode::QtTest);
        checkpoints.reload();
        QCOMPARE(checkpoints.rowCount(), 0);
        const auto cells = ui::cellsOf(QStringLiteral("right\ta\nwrong\ta\nsurely wrong\tb\n"));
        QVERIFY(session->apply(ui::pasteDraft(*session, cells, ui::guessColumns(cells), core::Split::Test)));
        const auto resultsOf = [](engine::TaskType task, std::vector<std::vector<int>> expected,
                                  std::vector<float> probabilities) {
            auto results = std::make_shared<core::CheckpointResults>();
            core::Answers &exam = results->shown;
            exam.labels = {"a", "b"};
            exam.rule.task = task;
            for (size_t i = 0; i < expected.size(); ++i)
                exam.examples.push_back(static_cast<int64_t>(i) + 1);
            exam.probabilities = engine::Matrix(expected.size(), 2);
            exam.probabilities.values = std::move(probabilities);
            exam.verdicts = engine::verdictsOf(exam.probabilities, expected, exam.rule);
            return results;
        };
        ui::PredictionTableModel predictions(*session);
        const Tester second(&predictions, Tester::FailureReportingMode::QtTest);
        predictions.setResults(
            resultsOf(engine::TaskType::SingleLabel, {{0}, {0}, {1}}, {0.9F, 0.1F, 0.4F, 0.6F, 0.95F, 0.05F}));
        using Filter = ui::PredictionTableModel::Filter;
        using Columns = ui::PredictionTableModel::Column;
        predictions.setFilter(Filter::Wrong);
        QCOMPARE(predictions.rowCount(), 2);
        QCOMPARE(predictions.index(0, 0).data().toString(), QString("surely wrong"));
        QCOMPARE(predictions.index(1, Columns::Margin).data().toString(), QString("0.20"));
        QCOMPARE(predictions.count(Filter::ConfidentlyWrong), qint64{1});
        QCOMPARE(predictions.count(Filter::Right), qint64{1});
        predictions.sort(Columns::Margin, Qt::AscendingOrder);
        QCOMPARE(predictions.index(0, 0).data().toString(), QString("wrong"));
        predictions.setCell(0, 1);
        QCOMPARE(predictions.index(0, 0).data().toString(), QString("wrong"));
        predictions.setResults(
            resultsOf(engine::TaskType::MultiLabel, {{0, 1}, {0, 1}, {}}, {0.9F, 0.9F, 0.4F, 0.6F, 0.05F, 0.05F}));
        predictions.setFilter(Filter::Wrong);
        QCOMPARE(predictions.rowCount(), 1);
        QCOMPARE(predictions.index(0, Columns::Expected).data().toString(), QString("a, b"));
        QCOMPARE(predictions.index(0, Columns::Answer).data().toString(), QString("b"));
        predictions.setFilter(Filter::Right);
        QCOMPARE(predictions.index(0, Columns::Answer).data().toString(), QString("none of them"));
        predictions.setClass(0);
        QCOMPARE(predictions.rowCount(), 2);
        QCOMPARE(predictions.index(0, Columns::Text).data().toString(), QString("wrong"));
        ui::ConfusionModel confusion;
        const Tester third(&confusion, Tester::FailureReportingMode::QtTest);
        confusion.setCounts({{9, 1}, {0, 0}}, {"a", "b"});
        QCOMPARE(confusion.index(0, 0).data(ui::ConfusionModel::StepRole).toInt(), 5);
        QCOMPARE(confusion.index(0, 1).data(ui::ConfusionModel::StepRole).toInt(), 2);
        QCOMPARE(confusion.index(1, 0).data(ui::ConfusionModel::StepRole).toInt(), 0);
    }
};

QTEST_MAIN(ModelsTest)
#include "tst_models.moc"
