// SPDX-License-Identifier: Apache-2.0
// Results of a service without an exam, and how it gets one in the window.
#include "core/imports/import_task.h"
#include "tests/support/tiny_training.h"
#include "tests/support/unlike_mails.h"
#include "tests/ui/gui.h"
#include "ui/pages/results_page.h"
#include "ui/widgets/exam_offer.h"
#include "ui/widgets/share_plot.h"
#include "ui/words.h"

#include <QComboBox>
#include <QLabel>
#include <QSlider>

using namespace support;

class NoExamPageTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    TempFolder m_folder;

    static void showTab(WindowUnderTest &gui, const char *name)
    {
        auto *tabs = gui.find<QTabBar>("resultTabs");
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->tabText(i) == QLatin1String(name))
                return tabs->setCurrentIndex(i);
        }
        QFAIL("no such tab");
    }
    static int sumOf(QAbstractItemModel *model)
    {
        int sum = 0;
        for (int row = 0; row < model->rowCount(); ++row) {
            for (int column = 0; column < model->columnCount(); ++column)
                sum += model->index(row, column).data().toInt();
        }
        return sum;
    }
    /// A copy that may be changed, opened on its results.
    void open(WindowUnderTest &gui, const char *which = "cross")
    {
        const auto copy = gui.folder / which;
        std::filesystem::copy(m_folder / which, copy, std::filesystem::copy_options::recursive);
        gui.window.openService(copy);
        QVERIFY(gui.window.workspaceOrNull());
        gui.window.workspaceOrNull()->show(ui::Step::Results);
        QTRY_VERIFY(gui.find<QTableView>("predictionTable")->model()->rowCount() > 0);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = makeTheme();
        for (const auto &[name, rows] : {std::pair("cross", 60), std::pair("held", 240)}) {
            auto service = core::Service::create(m_folder / name, name,
                                                 {"task", {{"refund", "money"}, {"delivery", "parcel"}}, {}, {}});
            VERIFY_RESULT(service);
            write(m_folder / "rows.csv", unlikeMails(rows));
            VERIFY_RESULT(core::importFiles(*service, {m_folder / "rows.csv"}, {}, {}));
            VERIFY_RESULT(core::train(*service, tinyTraining("finetune", 2), {}));
            if (rows == 60)
                VERIFY_RESULT(core::train(*service, tinyTraining("seconds", 1), {}));
        }
    }

    void everyViewShowsWhatWasCrossValidated()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.resize(1500, 1000);
        open(gui);
        const QString verdict = gui.find<QLabel>("verdict")->text();
        QVERIFY2(verdict.startsWith("Cross-validated: right on ") && verdict.contains(" of 60 rows (between "),
                 qPrintable(verdict));
        QVERIFY(gui.find<QLabel>("pickReason")->text().contains("each row predicted by a model that had not seen it"));
        QVERIFY(gui.find<QLabel>("scoreMarks")->text().startsWith("* cross-validated"));
        const auto filters = gui.window.findChildren<QPushButton *>("predictionFilter");
        QCOMPARE(filters.at(4)->text(), QString("All 60"));
        filters.at(4)->click();
        QCOMPARE(gui.find<QTableView>("predictionTable")->model()->rowCount(), 60);
        auto *checkpoints = gui.find<QTableView>("checkpointTable")->model();
        QCOMPARE(checkpoints->rowCount(), 3);
        for (int row = 0; row < checkpoints->rowCount(); ++row) {
            QVERIFY(checkpoints->index(row, 2).data().toString().endsWith(" of 60 *"));
            QVERIFY(checkpoints->index(row, 3).data().toString().isEmpty());  // the exam
            for (const int column : {4, 5, 7, 8})                             // between, macro F1, log-loss, honesty
                QVERIFY(checkpoints->index(row, column).data().toString().endsWith(" *"));
        }
        QTRY_COMPARE(checkpoints->index(0, 6).data().toString(), QString("our pick"));
        QTRY_VERIFY(!checkpoints->index(1, 6).data().toString().isEmpty());

        showTab(gui, "Confusions");
        QCOMPARE(sumOf(gui.find<QTableView>("confusionTable")->model()), 60);
        showTab(gui, "Per class");
        auto *classes = gui.find<QTableView>("perClassTable")->model();
        QCOMPARE(classes->index(0, 5).data().toInt() + classes->index(1, 5).data().toInt(), 60);
        showTab(gui, "Confidence");
        QVERIFY(gui.find<QLabel>("askBy")->text().contains("the same 60 cross-validated rows set limits"));
        gui.find<QSlider>("askBelow")->setValue(0);
        QVERIFY(gui.find<QLabel>("askVerdict")->text().startsWith("Answers "));
        QCOMPARE(gui.find<ui::SharePlot>("coveragePlot")->lines().size(), size_t{1});
        QVERIFY(!gui.find<ui::SharePlot>("reliabilityPlot")->dots().empty());
        showTab(gui, "Thresholds");
        QTRY_COMPARE(gui.find<QTableView>("curveTable")->model()->rowCount(), 4);
        showTab(gui, "Compare");
        auto *compared = gui.find<QLabel>("compareVerdict");
        QTRY_VERIFY2(compared->text().contains("60 common cross-validated rows"), qPrintable(compared->text()));
        showTab(gui, "What next");
        QVERIFY(gui.find<QWidget>("advice_make_exam"));

        const auto written = gui.path("report.html");
        gui.dialogs.on = [](QDialog &) { return true; };
        gui.dialogs.folders.push_back(written);
        gui.find<QPushButton>("makeReport")->click();
        QTRY_VERIFY(std::filesystem::exists(ui::toPath(written)));
        QVERIFY(read(gui.folder / "report.html").find("Counted on 60 cross-validated rows") != std::string::npos);
    }

    void heldOutRowsAreShownAsSuch()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.resize(1500, 1000);
        open(gui, "held");
        const QString verdict = gui.find<QLabel>("verdict")->text();
        QVERIFY2(verdict.startsWith("Held out: right on ") && verdict.contains(" of 48 rows"), qPrintable(verdict));
        QVERIFY(gui.find<QLabel>("pickReason")->text().contains("did not learn from these rows"));
        QVERIFY(gui.find<QLabel>("scoreMarks")->text().startsWith("** counted on the held-out rows"));
        QCOMPARE(gui.window.findChildren<QPushButton *>("predictionFilter").at(4)->text(), QString("All 48"));
        showTab(gui, "Confidence");
        QVERIFY(gui.find<QLabel>("askBy")->text().contains("the same 48 held-out rows set limits"));
    }

    /// The offer of Results: what it will do, one step, what changes then, and back.
    void resultsOffersAnExam()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.resize(1500, 1000);
        open(gui);
        auto *page = gui.window.findChild<ui::ResultsPage *>();
        auto *offer = page->findChild<ui::ExamOffer *>();
        QVERIFY(offer->isVisible());
        QVERIFY(offer->findChild<QLabel *>("examOffer")->text().contains("About 12 of the 60 rows of Train"));
        QTest::mouseClick(offer->findChild<QPushButton *>("makeExam"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().counts().test, int64_t{12}, 20'000);
        QTRY_VERIFY(gui.find<QLabel>("messageCause")->text().startsWith("12 rows of Train are the exam now"));
        QVERIFY(!offer->isVisible());
        QCOMPARE(gui.session().undoTitle(), QString("Keep 20 % for the exam"));
        // What was trained before keeps its answers, and says that the exam came later.
        auto *why = gui.find<QLabel>("pickReason");
        QTRY_VERIFY2(why->text().contains("before there was an exam: train again"), qPrintable(why->text()));
        QTRY_COMPARE(gui.window.findChildren<QPushButton *>("predictionFilter").at(4)->text(), QString("All 60"));
        QTRY_VERIFY(!gui.find<QWidget>("advice_make_exam"));
        gui.session().undo();
        QTRY_COMPARE(gui.session().counts().test, int64_t{0});
        QVERIFY(offer->isVisible());
        QTRY_VERIFY(!why->text().contains("before there was an exam"));
        // The card of What next does the same.
        showTab(gui, "What next");
        QTRY_VERIFY(gui.find<QWidget>("advice_make_exam"));
        gui.find<QWidget>("advice_make_exam")->findChild<QPushButton *>("followAdvice")->click();
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().counts().test, int64_t{12}, 20'000);
    }

    void otherPlacesOfferItToo()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.resize(1500, 1000);
        open(gui);
        auto *workspace = gui.window.workspaceOrNull();
        workspace->show(ui::Step::Teacher);
        int shown = 0;
        for (const auto *offer : gui.window.findChildren<ui::ExamOffer *>())
            shown += offer->isVisible() ? 1 : 0;
        QCOMPARE(shown, 1);
        workspace->show(ui::Step::Data);
        gui.find<QTabBar>("panelTabs")->setCurrentIndex(1);
        QTRY_VERIFY(gui.find<QWidget>("finding_no_rows"));
        auto *fix = gui.find<QWidget>("finding_no_rows")->findChild<QPushButton *>("fixRows");
        QVERIFY(fix);
        fix->click();
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().counts().test, int64_t{12}, 20'000);
        QTRY_VERIFY(!gui.find<QWidget>("finding_no_rows"));
        for (const auto *offer : gui.window.findChildren<ui::ExamOffer *>())
            QVERIFY(!offer->isVisibleTo(offer->parentWidget()));
        // Trained again, Results shows the exam as ever.
        auto service = core::Service::openAgain(gui.session().folder());
        VERIFY_RESULT(service);
        VERIFY_RESULT(core::train(*service, tinyTraining("finetune", 2), {}));
        workspace->show(ui::Step::Results);
        auto *checkpoints = gui.find<QTableView>("checkpointTable");
        QTRY_COMPARE(checkpoints->model()->rowCount(), 5);
        for (int row = 0; row < 5; ++row) {
            if (checkpoints->model()->index(row, 1).data().toString().startsWith("finetune-2, pass 2"))
                checkpoints->setCurrentIndex(checkpoints->model()->index(row, 1));
        }
        QTRY_VERIFY2(gui.find<QLabel>("verdict")->text().contains(" of 12 exam rows"),
                     qPrintable(gui.find<QLabel>("verdict")->text()));
        QTRY_COMPARE(gui.window.findChildren<QPushButton *>("predictionFilter").at(4)->text(), QString("All 12"));
        showTab(gui, "Confidence");
        QVERIFY(gui.find<QLabel>("askBy")->text().contains("exam rows, which have no say"));
    }

    /// Nothing to divide: no offer, and the check says what else can be done.
    void fewRowsAreNotOffered()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("empty");
        for (const auto *offer : gui.window.findChildren<ui::ExamOffer *>())
            QVERIFY(!offer->isVisibleTo(offer->parentWidget()));
        gui.session().keepForExam();
        QTRY_VERIFY(gui.find<QLabel>("messageCause")->text().startsWith("No row can be kept for the exam"));
    }
};

QTEST_MAIN(NoExamPageTest)
#include "tst_no_exam_page.moc"
