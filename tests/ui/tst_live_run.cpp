// SPDX-License-Identifier: Apache-2.0
// What the Training page says of a run: before it begins, at its steps, beside another, and when it has ended.
#include "core/tasks/init_task.h"
#include "tests/support/tiny_training.h"
#include "tests/ui/gui.h"
#include "ui/widgets/live_chart.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>

using namespace support;

class LiveRunTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;
    TempFolder m_folder;

    /// Opens the service on its trainings, at the run.
    void open(WindowUnderTest &gui, const char *run)
    {
        gui.window.openService(m_folder / "s");
        QVERIFY(gui.window.workspaceOrNull());
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        auto *runs = gui.find<QListWidget>("runList");
        for (int i = 0; i < runs->count(); ++i) {
            if (runs->item(i)->data(Qt::UserRole).toString() == QLatin1String(run))
                runs->setCurrentRow(i);
        }
        QCOMPARE(runs->currentItem()->data(Qt::UserRole).toString(), QString(run));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme = makeTheme();
        writeDistilFolder(m_folder / "from", 120);
        VERIFY_RESULT(core::initFromFolder(m_folder / "s", m_folder / "from", "s", {}));
        auto service = core::Service::open(m_folder / "s");
        VERIFY_RESULT(service);
        auto first = tinyTraining("finetune", 3);
        first.name = "first";
        VERIFY_RESULT(core::train(*service, first, {}));
        auto second = tinyTraining("finetune", 2);
        second.name = "second";
        VERIFY_RESULT(core::train(*service, second, {}));
    }

    void stepsAreShownByWhatTheyRecorded()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, "first");
        auto *chart = gui.find<ui::LiveChart>("stepChart");
        auto *figure = gui.find<QComboBox>("stepFigure");
        QCOMPARE(figure->count(), 5);
        QCOMPARE(chart->lines().size(), size_t{3});  // held out, as it was, smoothed
        QCOMPARE(chart->lines()[0].points.size(), size_t{3});
        const size_t steps = chart->lines()[1].points.size();
        QVERIFY(steps > 3);
        QCOMPARE(chart->lines()[2].points.size(), steps);
        QCOMPARE(chart->lines()[1].points.back().x(), 3.0);
        for (int i = 1; i < figure->count(); ++i) {
            figure->setCurrentIndex(i);
            QCOMPARE(chart->lines().size(), size_t{1});
            // The last learning rate is none.
            QVERIFY2(chart->lines()[0].points.size() + 1 >= steps, qPrintable(figure->currentText()));
        }
    }

    void otherRunsStandBeside()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, "first");
        auto *scores = gui.find<ui::LiveChart>("scoreChart");
        auto *steps = gui.find<ui::LiveChart>("stepChart");
        const size_t alone = scores->lines().size(), stepsAlone = steps->lines().size();
        auto *menu = gui.find<QPushButton>("runsBeside")->findChild<QMenu *>();
        QCOMPARE(menu->actions().size(), qsizetype{1});
        QCOMPARE(menu->actions().front()->text(), QString("second"));
        menu->actions().front()->trigger();
        QCOMPARE(scores->lines().size(), alone + 1);
        QCOMPARE(scores->lines().back().points.size(), size_t{2});
        QCOMPARE(steps->lines().size(), stepsAlone + 1);
        QCOMPARE(steps->lines().back().points.back().x(), 2.0);
        menu->actions().front()->trigger();
        QCOMPARE(scores->lines().size(), alone);
        QCOMPARE(steps->lines().size(), stepsAlone);
    }

    void chartsAndFiguresAreSaved()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, "first");
        gui.dialogs.folders.push_back(gui.path("steps.csv"));
        gui.find<QPushButton>("saveFigures")->click();
        const std::string csv = read(gui.folder / "steps.csv");
        QVERIFY(csv.starts_with("step,pass,loss,"));
        const auto points = gui.find<ui::LiveChart>("stepChart")->lines()[1].points.size();
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), static_cast<std::ptrdiff_t>(points) + 1);
        for (const char *name : {"chart.svg", "chart.png"}) {
            gui.dialogs.folders.push_back(gui.path(name));
            gui.find<ui::LiveChart>("scoreChart")->actions().front()->trigger();
            QVERIFY2(std::filesystem::file_size(gui.folder / name) > 1000, name);
        }
        gui.dialogs.folders.push_back(gui.path("no/such/folder.csv"));
        gui.find<QPushButton>("saveFigures")->click();
        QTRY_VERIFY(gui.find<QLabel>("messageCause")->text().contains("could not be written") ||
                    gui.find<QLabel>("messageFollows")->text().contains("another place"));
    }

    /// Its size is said, and the confirmation comes before.
    void aRunIsRemovedFromTheList()
    {
        {
            auto service = core::Service::open(m_folder / "s");
            VERIFY_RESULT(service);
            auto third = tinyTraining("finetune", 2);
            third.name = "third";
            third.keep = 1;
            VERIFY_RESULT(core::train(*service, third, {}));
            std::filesystem::remove_all(service->checkpointFolder("third", 1));
        }
        WindowUnderTest gui(*m_theme);
        open(gui, "third");
        auto *runs = gui.find<QListWidget>("runList");
        QCOMPARE(runs->count(), 3);
        QVERIFY2(runs->currentItem()->toolTip().startsWith("third: 1 checkpoint, ") &&
                     runs->currentItem()->toolTip().endsWith(" on disk"),
                 qPrintable(runs->currentItem()->toolTip()));
        auto *passes = gui.find<QTableView>("passTable")->model();
        QCOMPARE(passes->index(0, passes->columnCount() - 1).data().toString(), QString("weights gone"));
        auto *remove = runs->findChild<QAction *>("removeRun");
        QVERIFY(remove);
        remove->trigger();  // nobody confirms
        QCOMPARE(runs->count(), 3);
        gui.dialogs.choices.push_back(0);
        remove->trigger();
        QTRY_COMPARE(runs->count(), 2);
        QVERIFY(!std::filesystem::exists(m_folder / "s/runs/third"));
    }

    void tabsSayTheRest()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, "first");
        QCOMPARE(gui.find<QTableView>("passTable")->model()->rowCount(), 3);
        auto *tabs = gui.find<QTabBar>("runTabs");
        tabs->setCurrentIndex(1);
        auto *classes = gui.find<QTableView>("classPassTable");
        QCOMPARE(classes->model()->rowCount(), 2);
        QVERIFY(classes->isVisible());
        QCOMPARE(classes->model()->index(0, 1).data(Qt::UserRole + 1).toList().size(), qsizetype{3});
        QVERIFY(classes->model()->index(0, 2).data().toString() <= classes->model()->index(1, 2).data().toString());
        tabs->setCurrentIndex(2);
        QVERIFY(!gui.find<QLabel>("runNotes")->text().isEmpty());
        tabs->setCurrentIndex(3);
        auto *batch = gui.find<QTableView>("firstBatch");
        QTRY_VERIFY_WITH_TIMEOUT(batch->model()->rowCount() > 1, 30'000);
        QVERIFY(batch->model()->index(0, 3).data().toString().contains(QStringLiteral(" \u00B7 ")));
        QVERIFY(gui.find<QLabel>("firstBatchNote")->text().startsWith("The first "));
    }

    void whatATrainingTakesIsSaidBefore()
    {
        WindowUnderTest gui(*m_theme);
        open(gui, "first");
        gui.find<QPushButton>("newTraining")->click();
        auto *base = gui.find<QComboBox>("baseWeights");
        gui.dialogs.folders.push_back(QString::fromStdString(golden("tiny_base").string()));
        base->setCurrentIndex(base->count() - 1);
        Q_EMIT base->activated(base->count() - 1);
        gui.find<QRadioButton>("recipeFinetune")->setChecked(true);
        auto *estimate = gui.find<QLabel>("estimate");
        QTRY_VERIFY2_WITH_TIMEOUT(estimate->text().startsWith("About ") && estimate->text().contains("of memory and"),
                                  qPrintable(estimate->text()), 30'000);
        // Where it cannot begin, it says why.
        const TempFolder other;
        gui.dialogs.folders.push_back(QString::fromStdString(other.path().string()));
        base->setCurrentIndex(base->count() - 1);
        Q_EMIT base->activated(base->count() - 1);
        QTRY_VERIFY2_WITH_TIMEOUT(!estimate->text().startsWith("About ") && !estimate->text().startsWith("Measuring") &&
                                      !estimate->text().isEmpty(),
                                  qPrintable(estimate->text()), 30'000);
    }
};

QTEST_MAIN(LiveRunTest)
#include "tst_live_run.moc"
