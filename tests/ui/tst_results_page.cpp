// SPDX-License-Identifier: Apache-2.0
// The views of Results, clicked through on trained checkpoints.
#include "core/results/cost_table.h"
#include "core/tasks/init_task.h"
#include "tests/support/tiny_training.h"
#include "tests/ui/gui.h"
#include "ui/pages/use_page.h"
#include "ui/results/confidence_pane.h"
#include "ui/widgets/share_plot.h"
#include "ui/widgets/word_weights.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSlider>
#include <QTableWidget>
#include <QTextDocument>

using namespace support;

class ResultsPageTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    TempFolder m_folder;

    /// Opens the service on its results and waits until they are read.
    static void open(WindowUnderTest &gui, const std::filesystem::path &service)
    {
        gui.window.openService(service);
        QVERIFY(gui.window.workspaceOrNull());
        gui.window.workspaceOrNull()->show(ui::Step::Results);
        QTRY_VERIFY(gui.find<QTableView>("predictionTable")->model()->rowCount() > 0);
    }
    static void showTab(WindowUnderTest &gui, const char *name)
    {
        auto *tabs = gui.find<QTabBar>("resultTabs");
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->tabText(i) == QLatin1String(name))
                return tabs->setCurrentIndex(i);
        }
        QFAIL("no such tab");
    }

private Q_SLOTS:
    /// Two runs whose rows of two classes are hard to tell apart: random weights.
    void initTestCase()
    {
        m_theme = makeTheme();
        writeDistilFolder(m_folder / "from", 30);
        VERIFY_RESULT(core::initFromFolder(m_folder / "s", m_folder / "from", "s", {}));
        auto service = core::Service::open(m_folder / "s");
        VERIFY_RESULT(service);
        std::string longer = "text,label\n";
        for (int i = 0; i < 6; ++i) {
            longer += "I would like to have the money back that I paid for this " + std::to_string(i) + ",refund\n";
            longer += "The parcel that should have come on Monday is nowhere " + std::to_string(i) + ",delivery\n";
        }
        write(m_folder / "longer.csv", longer);
        VERIFY_RESULT(core::importFiles(*service, {m_folder / "longer.csv"}, {.split = core::Split::Test}, {}));
        VERIFY_RESULT(core::train(*service, tinyTraining("seconds", 1), {}));
        VERIFY_RESULT(core::train(*service, tinyTraining("finetune", 2), {}));
    }

    void checkpointsSortAndKeepWhatIsShown()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        auto *table = gui.find<QTableView>("checkpointTable");
        QCOMPARE(table->model()->rowCount(), 3);
        QTRY_COMPARE(table->model()->index(0, 6).data().toString(), QString("our pick"));
        QTRY_VERIFY(!table->model()->index(1, 6).data().toString().isEmpty());
        const QString shown = table->model()->index(table->currentIndex().row(), 1).data().toString();
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            table->horizontalHeader()->setSortIndicator(7, order);  // log-loss
            const double first = table->model()->index(0, 7).data().toDouble();
            const double last = table->model()->index(2, 7).data().toDouble();
            QVERIFY(order == Qt::AscendingOrder ? first <= last : first >= last);
            QCOMPARE(table->model()->index(table->currentIndex().row(), 1).data().toString(), shown);
        }
        QVERIFY(!table->model()->index(0, 11).data().toString().isEmpty());  // size
    }

    void cellsAndClassesOpenTheirRows()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        auto *rows = gui.find<QTableView>("predictionTable");
        auto *tabs = gui.find<QTabBar>("resultTabs");
        showTab(gui, "Confusions");
        auto *matrix = gui.find<QTableView>("confusionTable");
        const int inCell = matrix->model()->index(0, 0).data().toInt();
        gui.find<QCheckBox>("confusionShares")->click();
        QVERIFY(matrix->model()->index(0, 0).data().toString().endsWith("%") || inCell == 0);
        Q_EMIT matrix->activated(matrix->model()->index(0, 0));
        QCOMPARE(tabs->currentIndex(), 0);
        QCOMPARE(rows->model()->rowCount(), inCell);
        showTab(gui, "Per class");
        auto *classes = gui.find<QTableView>("perClassTable");
        QCOMPARE(classes->model()->rowCount(), 2);
        QCOMPARE(classes->model()->index(0, 5).data().toInt(), 36);
        Q_EMIT classes->activated(classes->model()->index(0, 0));
        QCOMPARE(tabs->currentIndex(), 0);
        QVERIFY(rows->model()->rowCount() >= 36);
        rows->setCurrentIndex(rows->model()->index(0, 0));
        Q_EMIT rows->doubleClicked(rows->model()->index(0, 0));
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Data);
    }

    void limitsSayWhatIsAnsweredAndWhatItCosts()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Confidence");
        auto *pane = gui.window.findChild<ui::ConfidencePane *>();
        auto *verdict = gui.find<QLabel>("askVerdict");
        auto *slider = gui.find<QSlider>("askBelow");
        QVERIFY(gui.find<QLabel>("askBy")->text().contains("60 rows"));
        slider->setValue(0);
        const QString all = QStringLiteral("Answers %1 by itself").arg(ui::percentText(1));
        QVERIFY2(verdict->text().startsWith(all), qPrintable(verdict->text()));
        QVERIFY(!verdict->text().contains("A person is asked"));
        slider->setValue(slider->maximum());
        QVERIFY(verdict->text().startsWith("Answers nothing by itself"));
        gui.find<QDoubleSpinBox>("rightTarget")->setValue(50);
        gui.find<QPushButton>("setByTarget")->click();
        QVERIFY(!verdict->text().startsWith("Answers nothing"));
        gui.find<QCheckBox>("askPerClass")->click();
        QCOMPARE(pane->rule().perClass.size(), size_t{2});
        gui.find<QCheckBox>("askPerClass")->click();
        QVERIFY(pane->rule().perClass.empty());
        // Mistakes that cost nothing are made; such that cost a fortune are not.
        gui.find<QDoubleSpinBox>("wrongCost")->setValue(0);
        gui.find<QPushButton>("setByCosts")->click();
        QVERIFY(verdict->text().startsWith(all) || pane->rule().threshold < 0.6F);
        const float cheap = pane->rule().threshold;
        gui.find<QDoubleSpinBox>("wrongCost")->setValue(1'000'000);
        gui.find<QPushButton>("setByCosts")->click();
        QVERIFY(pane->rule().threshold >= cheap);
        QVERIFY(gui.find<QLabel>("askCostSaid")->text().startsWith("That costs "));
        // Used, it is there when the checkpoint is opened again, and where single texts are answered.
        auto *inUse = gui.find<QLabel>("limitInUse");
        QVERIFY(inUse->text().startsWith("None is in use"));
        slider->setValue(slider->maximum());
        gui.find<QPushButton>("useLimit")->click();
        QTRY_VERIFY2(inUse->text().startsWith("In use: asks below"), qPrintable(inUse->text()));
        QVERIFY(!gui.find<QPushButton>("useLimit")->isEnabled());
        gui.window.workspaceOrNull()->show(ui::Step::Use);
        gui.find<QAbstractButton>("cardTry")->click();
        auto *use = gui.window.findChild<ui::UsePage *>();
        use->findChild<QPlainTextEdit *>("tryItText")->setPlainText("where is my parcel");
        QTRY_VERIFY_WITH_TIMEOUT(use->findChild<QLabel *>("tryItState")->text().contains("too unsure here"), 30'000);
        gui.window.workspaceOrNull()->show(ui::Step::Results);
        QTRY_VERIFY(inUse->text().startsWith("In use: asks below"));
        // Coming back reads the checkpoint again, which puts the slider where the limit is: whenever that comes.
        const auto useNone = [&] {
            slider->setValue(0);
            gui.find<QPushButton>("useLimit")->click();
            return inUse->text().startsWith("None is in use");
        };
        QTRY_VERIFY(useNone());
        auto *coverage = gui.find<ui::SharePlot>("coveragePlot");
        QCOMPARE(coverage->lines().size(), size_t{2});
        QVERIFY(!gui.find<ui::SharePlot>("reliabilityPlot")->dots().empty());
    }

    void chartsAreSaved()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Confidence");
        auto *plot = gui.find<ui::SharePlot>("coveragePlot");
        for (const char *name : {"chart.svg", "chart.png"}) {
            gui.dialogs.folders.push_back(gui.path(name));
            plot->findChild<QAction *>("saveChart")->trigger();
            QVERIFY(std::filesystem::file_size(gui.folder / name) > 1000);
        }
        QVERIFY(read(gui.folder / "chart.svg").find("Answered by itself") != std::string::npos);
        gui.dialogs.folders.push_back(gui.path("not there/chart.png"));
        plot->findChild<QAction *>("saveChart")->trigger();
        QVERIFY(gui.find<QLabel>("messageCause")->text().contains("could not be written"));
    }

    void curvesOfEveryClass()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Thresholds");
        auto *table = gui.find<QTableView>("curveTable");
        QTRY_COMPARE(table->model()->rowCount(), 4);  // both classes, micro, macro
        auto *plot = gui.find<ui::SharePlot>("curvePlot");
        QCOMPARE(plot->lines().size(), size_t{1});
        QVERIFY(!plot->lines().front().points.empty());
        table->setCurrentIndex(table->model()->index(2, 0));
        QCOMPARE(plot->lines().front().name, QString("refund"));
        gui.find<QPushButton>("curveRoc")->click();
        QCOMPARE(plot->lines().size(), size_t{2});
        QTest::keyClick(plot, Qt::Key_Right);
        QVERIFY(plot->accessibleDescription().contains("Finds"));
    }

    void kindsOfTextsOpenTheirRows()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Kinds of texts");
        auto *table = gui.find<QTableView>("sliceTable");
        QTRY_VERIFY(table->model()->rowCount() > 0);
        const int rows = table->model()->index(0, 2).data().toInt();
        Q_EMIT table->activated(table->model()->index(0, 0));
        QCOMPARE(gui.find<QTabBar>("resultTabs")->currentIndex(), 0);
        QCOMPARE(gui.find<QTableView>("predictionTable")->model()->rowCount(), rows);
    }

    void savedFiltersAreKinds()
    {
        WindowUnderTest gui(*m_theme);
        const auto copy = gui.folder / "copy";
        std::filesystem::copy(m_folder / "s", copy, std::filesystem::copy_options::recursive);
        VERIFY_RESULT(core::Service::open(copy)->setSetting(
            core::keys::SavedFilters, R"({"Parcels":{"search":"parcel","label":-1,"problems":false}, "Bad":7,
                                 "Found by checks":{"search":"a","label":-1,"problems":true}})"));
        open(gui, copy);
        showTab(gui, "Kinds of texts");
        auto *table = gui.find<QTableView>("sliceTable");
        QTRY_VERIFY(table->model()->rowCount() > 0);
        int found = -1;
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            QVERIFY(table->model()->index(row, 1).data().toString() != "Found by checks");
            if (table->model()->index(row, 1).data().toString() == "Parcels")
                found = row;
        }
        QVERIFY(found >= 0);
        QCOMPARE(table->model()->index(found, 0).data().toString(), QString("Saved filter"));
        QCOMPARE(table->model()->index(found, 2).data().toInt(), 36);
    }

    void wordsThatDecidedAreMarked()
    {
        WindowUnderTest gui(*m_theme);
        gui.window.resize(1500, 900);
        open(gui, m_folder / "s");
        auto *rows = gui.find<QTableView>("predictionTable");
        auto *text = gui.find<ui::WordWeights>("wordWeights");
        auto *why = gui.find<QComboBox>("whyClass");
        QVERIFY(!why->isVisible());
        rows->setCurrentIndex(rows->model()->index(0, 0));
        const QString plain = text->text();
        QTRY_COMPARE_WITH_TIMEOUT(text->textFormat(), Qt::RichText, 30'000);
        QTextDocument marked;
        marked.setHtml(text->text());
        QCOMPARE(marked.toPlainText(), plain);
        QVERIFY(text->text().contains("background-color"));
        const QString words = gui.find<QLabel>("whyWords")->text();
        QVERIFY2(words.contains("in log-odds"), qPrintable(words));
        QVERIFY(!text->accessibleDescription().isEmpty());
        // A wrong answer is explained for what was expected, too: other words, or others against it.
        QCOMPARE(why->count(), 2);
        why->setCurrentIndex(1);
        Q_EMIT why->activated(1);
        QTRY_VERIFY(gui.find<QLabel>("whyWords")->text() != words);
    }

    void eachMistakeHasItsCost()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Confidence");
        auto *said = gui.find<QLabel>("askCostSaid");
        auto *slider = gui.find<QSlider>("askBelow");
        gui.find<QDoubleSpinBox>("wrongCost")->setValue(10);
        slider->setValue(0);
        const QString before = said->text();
        auto *button = gui.find<QPushButton>("pairCosts");
        gui.dialogs.on = [](QDialog &dialog) {
            auto *table = dialog.findChild<QTableWidget *>("costsTable");
            auto *accept = dialog.findChild<QPushButton *>("costsAccept");
            table->item(0, 1)->setText("many");
            const bool isRefused = !accept->isEnabled();
            table->item(0, 1)->setText("0");
            table->item(1, 0)->setText("2.5");
            return isRefused && accept->isEnabled();
        };
        button->click();
        QVERIFY(button->text().startsWith("2 mistakes"));
        slider->setValue(0);
        QVERIFY(said->text() != before);
        // They are kept with the service, by the names of the classes.
        const auto kept = core::costsOf(*core::Service::openAgain(m_folder / "s"));
        VERIFY_RESULT(kept);
        QCOMPARE(kept->perPair.size(), size_t{2});
        const auto costs = kept->of({"refund", "delivery"});
        QCOMPARE(costs.perPair[0][1] + costs.perPair[1][0], 2.5);
        gui.dialogs.on = [](QDialog &dialog) {
            for (const auto &[row, cell] : {std::pair{0, 1}, {1, 0}})
                dialog.findChild<QTableWidget *>("costsTable")->item(row, cell)->setText({});
            return true;
        };
        button->click();
        QVERIFY(!button->text().contains("2 mistakes"));
    }

    void figuresOfOnesOwn()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Own figures");
        auto *name = gui.find<QLineEdit>("metricName");
        auto *code = gui.find<QPlainTextEdit>("metricCode");
        auto *said = gui.find<QLabel>("metricSaid");
        auto *attempt = gui.find<QPushButton>("tryMetric");
        QVERIFY(!attempt->isEnabled() && !gui.find<QPushButton>("keepMetric")->isEnabled());
        auto *ready = gui.find<QComboBox>("readyMetrics");
        // Kept while the ones before are still computed.
        for (const int which : {4, 3}) {
            ready->setCurrentIndex(which);
            Q_EMIT ready->activated(which);
            gui.find<QPushButton>("keepMetric")->click();
        }
        auto *table = gui.find<QTableView>("metricTable");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 20'000);
        ready->setCurrentIndex(1);
        Q_EMIT ready->activated(1);
        QCOMPARE(name->text(), QString("Exact match"));
        attempt->click();
        QTRY_VERIFY_WITH_TIMEOUT(said->text().contains("on average over 72 rows"), 20'000);
        gui.find<QPushButton>("keepMetric")->click();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, 20'000);
        QVERIFY(table->model()->index(2, 1).data().toDouble() > 0);
        // What goes wrong is said with its row, which can be opened.
        code->setPlainText("text => text.startsWith('parcel') ? undefined : 1");
        attempt->click();
        QTRY_VERIFY_WITH_TIMEOUT(said->text().contains("gave undefined"), 20'000);
        auto *openRow = gui.find<QPushButton>("openMetricRow");
        QVERIFY(!openRow->isHidden());
        openRow->click();
        QCOMPARE(gui.find<QTabBar>("resultTabs")->currentIndex(), 0);
        QCOMPARE(gui.find<QTableView>("predictionTable")->model()->rowCount(), 1);
        showTab(gui, "Own figures");
        table->setCurrentIndex(table->model()->index(2, 0));
        QCOMPARE(table->model()->index(2, 0).data().toString(), QString("Exact match"));
        QVERIFY(code->toPlainText().contains("String(expected)"));
        gui.find<QPushButton>("forgetMetric")->click();
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 20'000);
    }

    void checkpointsAreCompared()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "Compare");
        auto *choice = gui.find<QComboBox>("compareWith");
        QCOMPARE(choice->count(), 2);
        auto *verdict = gui.find<QLabel>("compareVerdict");
        QTRY_VERIFY(verdict->text().contains("72 common exam rows"));
        // Only one of the others is of another recipe.
        auto *settings = gui.find<QTableView>("comparedSettings");
        bool isRecipeNamed = false;
        for (int i = 0; i < choice->count(); ++i) {
            choice->setCurrentIndex(i);
            QTest::qWait(50);
            QTRY_VERIFY(settings->model()->rowCount() > 0);
            isRecipeNamed |= settings->model()->index(0, 0).data().toString() == "recipe";
        }
        QVERIFY(isRecipeNamed);
        QCOMPARE(gui.find<QTableView>("comparedClasses")->model()->rowCount(), 2);
        const QString fixed = gui.find<QPushButton>("comparedFixed")->text();
        gui.find<QPushButton>("comparedFixed")->click();
        QCOMPARE(gui.find<QTableView>("comparedRows")->model()->rowCount(), fixed.section(' ', -1).toInt());
    }

    void adviceGoesWhereItSays()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        showTab(gui, "What next");
        const auto buttons = gui.window.findChildren<QPushButton *>("followAdvice");
        QVERIFY(!buttons.isEmpty() && buttons.size() <= 3);
        const QString text = buttons.front()->text();
        buttons.front()->click();
        const auto step = gui.window.workspaceOrNull()->current();
        if (text.endsWith("Data"))
            QCOMPARE(step, ui::Step::Data);
        else if (text.endsWith("Define"))
            QCOMPARE(step, ui::Step::Define);
        else if (text.endsWith("Use"))
            QCOMPARE(step, ui::Step::Use);
        else if (text.endsWith("Training"))
            QCOMPARE(step, ui::Step::Training);
        else
            QCOMPARE(gui.find<QTabBar>("resultTabs")->currentIndex(), 3);
    }

    /// A class that came later: the form of a training opens with these weights chosen.
    void newClassesAreTaughtFromTheseWeights()
    {
        std::filesystem::copy(m_folder / "s", m_folder / "later", std::filesystem::copy_options::recursive);
        {
            const auto service = core::Service::open(m_folder / "later");
            VERIFY_RESULT(service);
            write(m_folder / "later.csv", "text,label\nhow do I send it back,returns\nthe shoes go back,returns\n");
            VERIFY_RESULT(core::importFiles(*service, {m_folder / "later.csv"}, {.declareClasses = true}, {}));
        }
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "later");
        showTab(gui, "What next");
        auto *button = gui.window.findChildren<QPushButton *>("followAdvice").front();
        QCOMPARE(button->text(), QStringLiteral("Train from its weights"));
        button->click();
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Training);
        const auto name = gui.find<QComboBox>("baseWeights")->currentData().toString();
        QCOMPARE(name.toStdString(), gui.session().best()->text());
        QVERIFY(gui.find<QPushButton>("startTraining")->isVisible());
    }

    void reportsAreWritten()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, m_folder / "s");
        gui.dialogs.on = [](QDialog &dialog) {
            dialog.findChild<QRadioButton *>("reportFull")->setChecked(true);
            return true;
        };
        for (const char *name : {"report.html", "report.pdf"}) {
            gui.dialogs.folders.push_back(gui.path(name));
            gui.find<QPushButton>("makeReport")->click();
            QTRY_VERIFY(std::filesystem::exists(gui.folder / name));
        }
        QVERIFY(gui.find<QLabel>("messageCause")->text().contains("report is written"));
        const std::string html = read(gui.folder / "report.html");
        QVERIFY(html.find("All checkpoints") != std::string::npos);
        QVERIFY(html.find("parcel late") == std::string::npos);  // no text of a row unasked
        const std::string pdf = read(gui.folder / "report.pdf");
        QVERIFY(pdf.starts_with("%PDF-"));
        const auto count = [](const std::string &text, const std::string &part) {
            int found = 0;
            for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
                ++found;
            return found;
        };
        QVERIFY(count(html, "<figure>") >= 2);
        QVERIFY(count(pdf, "/Subtype /Image") >= count(html, "<figure>"));
        gui.dialogs.folders.push_back(gui.path("not there/report.html"));
        gui.find<QPushButton>("makeReport")->click();
        QTRY_VERIFY(!gui.find<QLabel>("messageCause")->text().contains("report is written"));
    }

    /// An exam row that is corrected in Data counts as it is when the page is opened again.
    void correctedRowsAreSeen()
    {
        WindowUnderTest gui(*m_theme);
        const auto copy = gui.folder / "copy";
        std::filesystem::copy(m_folder / "s", copy, std::filesystem::copy_options::recursive);
        open(gui, copy);
        auto *rows = gui.find<QTableView>("predictionTable");
        const auto filters = gui.window.findChildren<QPushButton *>("predictionFilter");
        filters.at(4)->click();
        QCOMPARE(rows->model()->rowCount(), 72);
        gui.window.workspaceOrNull()->show(ui::Step::Data);
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(1);
        auto *table = gui.find<QTableView>("rowTable");
        table->selectRow(0);
        QTest::keyClick(table, Qt::Key_Delete);
        gui.window.workspaceOrNull()->show(ui::Step::Results);
        filters.at(4)->click();
        QTRY_VERIFY(filters.at(4)->text() == "All 71");
    }
};

QTEST_MAIN(ResultsPageTest)
#include "tst_results_page.moc"
