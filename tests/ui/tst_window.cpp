// SPDX-License-Identifier: Apache-2.0
// The window as a newcomer uses it: from an empty start page to a checked export, by names of widgets.
#include "tests/ui/gui.h"
#include "ui/dialogs/import/import_dialog.h"
#include "ui/session/class_edits.h"
#include "ui/widgets/answer_bars.h"

#include <QAction>
#include <QChartView>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTabBar>
#include <QTableView>
#include <QXYSeries>

using namespace support;

namespace {

/// With weights so small that a pass takes a moment.
core::TrainOptions tinyTraining(int epochs)
{
    core::TrainOptions options;
    options.base = golden("tiny_base").string();
    options.settings.epochs = epochs;
    return options;
}

}  // namespace

class WindowTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void aNewcomerGetsFromNothingToACheckedExport()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("My mails");
        QVERIFY(gui.window.workspaceOrNull());
        QCOMPARE(gui.session().name(), QString("My mails"));
        QCOMPARE(gui.session().taskDescription(), QString("Which mail is it?"));
        gui.fill(10);
        QCOMPARE(gui.session().counts().train, int64_t{20});
        QCOMPARE(gui.session().counts().test, int64_t{20});

        // The first classifier trains by itself and answers.
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().quick() != nullptr, 60'000);
        gui.find<QAction>("actionTry")->trigger();
        auto *panel = gui.find<QWidget>("tryPanel");
        QVERIFY(panel->isVisible());
        QTRY_COMPARE(panel->geometry().right(), panel->parentWidget()->rect().right());  // it slides in
        gui.find<QAction>("actionTry")->trigger();
        QTRY_VERIFY(!panel->isVisible());
        gui.find<QAction>("actionTry")->trigger();
        panel->findChild<QPlainTextEdit *>("tryItText")->setPlainText("money back please");
        auto *bars = panel->findChild<ui::AnswerBars *>("answerBars");
        QTRY_VERIFY_WITH_TIMEOUT(!bars->bars().empty(), 10'000);
        QCOMPARE(bars->bars().front().name, QString("refund"));

        QTRY_VERIFY(gui.find<QPushButton>("primary")->text() == "Train");
        gui.find<QPushButton>("primary")->click();
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Training);
        gui.find<QRadioButton>("recipeQuick")->setChecked(true);
        gui.find<QPushButton>("startTraining")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().best().has_value() && !gui.session().runningOrNull(), 120'000);

        gui.window.workspaceOrNull()->show(ui::Step::Results);
        QVERIFY(gui.find<QLabel>("verdict")->text().startsWith("Right on "));
        QCOMPARE(gui.find<QTableView>("checkpointTable")->model()->rowCount(), 1);
        gui.find<QPushButton>("primary")->click();
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Use);

        gui.dialogs.folders.push_back(QString::fromStdString((gui.folder / "package").string()));
        gui.find<QPushButton>("exportPackage")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.find<QFrame>("receipt")->isVisible(), 120'000);
        QCOMPARE(gui.find<QFrame>("receipt")->property("frame").toString(), QString("receipt"));
        QVERIFY(std::filesystem::exists(gui.folder / "package/model.safetensors"));

        // The same place again: refused in red, and nothing is overwritten.
        gui.dialogs.folders.push_back(QString::fromStdString((gui.folder / "package").string()));
        gui.find<QPushButton>("exportPackage")->click();
        QTRY_COMPARE_WITH_TIMEOUT(gui.find<QFrame>("receipt")->property("frame").toString(), QString("failed"), 60'000);

        // The text is what is chosen in the preview.
        write(gui.folder / "new.csv", "text,other\nx,money back now\ny,parcel lost\n");
        gui.dialogs.on = [](QDialog &dialog) {
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            if (!QTest::qWaitFor([&] { return accept->isEnabled(); }, 10'000) ||
                dialog.findChild<QComboBox *>("importDuplicates")->isVisible())
                return false;
            auto *text = dialog.findChild<QComboBox *>("importText");
            text->setCurrentText("other");
            Q_EMIT text->activated(text->currentIndex());
            return accept->text() == QLatin1String("Classify 2 rows");
        };
        gui.dialogs.files.push_back({QString::fromStdString((gui.folder / "new.csv").string())});
        gui.dialogs.folders.push_back(gui.path("new answers.csv"));
        gui.find<QPushButton>("classifyFile")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.find<QLabel>("classified")->text().startsWith("2 rows"), 60'000);
        QVERIFY(read(gui.folder / "new answers.csv")
                    .starts_with("\xEF\xBB\xBFtext,other,label,probability,margin,error\nx,money back now,"));
        gui.dialogs.on = [](QDialog &) { return true; };
        // What has no answer is said, and so is that nothing has one.
        write(gui.folder / "numbers.jsonl", "{\"text\":1}\n");
        gui.dialogs.files.push_back({gui.path("numbers.jsonl")});
        gui.dialogs.folders.push_back(gui.path("odd.jsonl"));
        gui.find<QPushButton>("classifyFile")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.find<QLabel>("classified")->text().startsWith("None of 1 row"), 60'000);
        QVERIFY(read(gui.folder / "odd.jsonl").starts_with("{\"row\":1,\"error\":"));
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void everyEditCanBeUndoneFromTheMessageAndTheKeyboard()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Edits");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        table->selectRow(0);
        QTest::keyClick(table, Qt::Key_2);  // the second class
        QCOMPARE(table->model()->index(0, 3).data().toString(), QString("delivery"));
        QCOMPARE(table->currentIndex().row(), 1);  // goes on to the next row
        QVERIFY(gui.find<QLabel>("messageCause")->text().startsWith("Label a row delivery"));
        gui.find<QPushButton>("messageAction")->click();
        QCOMPARE(table->model()->index(0, 3).data().toString(), QString("refund"));
        table->selectAll();
        QTest::keyClick(table, Qt::Key_Delete);
        QCOMPARE(gui.session().counts().train, int64_t{0});
        gui.find<QAction>("actionUndo")->trigger();
        QCOMPARE(gui.session().counts().train, int64_t{6});
        gui.find<QAction>("actionRedo")->trigger();
        QCOMPARE(gui.session().counts().train, int64_t{0});
        gui.find<QAction>("actionUndo")->trigger();
        // Typing into a cell, and a label that is not there yet.
        QVERIFY(table->model()->setData(table->model()->index(0, 2), "typed\ttext"));
        QVERIFY(table->model()->setData(table->model()->index(0, 3), "praise"));
        QCOMPARE(gui.session().labels().size(), size_t{3});
        table->selectRow(0);
        QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("\"typed\ttext\"\tpraise\n"));
        QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(gui.session().counts().train, int64_t{7});
        // Across a restart of the window.
        const auto folder = gui.session().folder();
        gui.window.closeService();
        QVERIFY(!gui.window.workspaceOrNull());
        gui.window.openService(folder);
        for (int i = 0; i < 3; ++i)
            gui.find<QAction>("actionUndo")->trigger();
        QCOMPARE(gui.session().counts().train, int64_t{6});
        QCOMPARE(gui.session().labels().size(), size_t{2});
    }

    void filtersSearchAndSortShowTheRightRows()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Filters");
        gui.fill(4);
        auto *table = gui.find<QTableView>("rowTable");
        gui.find<QComboBox>("labelFilter")->setCurrentText("refund");
        QCOMPARE(table->model()->rowCount(), 4);
        gui.find<QLineEdit>("rowSearch")->setText("back 03");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        gui.find<QLineEdit>("rowSearch")->clear();
        gui.find<QComboBox>("labelFilter")->setCurrentIndex(0);
        QTRY_COMPARE(table->model()->rowCount(), 8);
        table->sortByColumn(2, Qt::DescendingOrder);
        QVERIFY(table->model()->index(0, 2).data().toString().startsWith("Where"));
    }

    void whatWasChosenIsThereAgainWhenTheServiceIsOpened()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Remembered");
        gui.fill(4);
        const auto folder = gui.session().folder();
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(1);
        gui.find<QComboBox>("labelFilter")->setCurrentText("refund");
        gui.find<QLineEdit>("rowSearch")->setText("back");
        gui.find<QTabBar>("panelTabs")->setCurrentIndex(2);
        gui.find<QTabBar>("resultTabs")->setCurrentIndex(1);
        auto *table = gui.find<QTableView>("rowTable");
        table->sortByColumn(2, Qt::DescendingOrder);
        table->setColumnWidth(3, 211);
        gui.window.closeService();
        gui.window.openService(folder);
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Data);
        QCOMPARE(gui.find<QTabBar>("splitTabs")->currentIndex(), 1);
        QCOMPARE(gui.find<QComboBox>("labelFilter")->currentText(), QString("refund"));
        QCOMPARE(gui.find<QLineEdit>("rowSearch")->text(), QString("back"));
        QCOMPARE(gui.find<QTabBar>("panelTabs")->currentIndex(), 2);
        QCOMPARE(gui.find<QTabBar>("resultTabs")->currentIndex(), 1);
        table = gui.find<QTableView>("rowTable");
        QCOMPARE(table->columnWidth(3), 211);
        QCOMPARE(table->model()->rowCount(), 4);
        QCOMPARE(table->model()->index(0, 2).data().toString(), QString("I want my money back 13"));
        // What an unknown version wrote, or nobody, changes nothing.
        VERIFY_RESULT(gui.session().service().setSetting(core::keys::WindowState, "{\"page\":99,\"dataPage\":[1]}"));
    }

    void manyRowsAreEditedInTheBackground()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Many");
        gui.fill(1);
        constexpr int64_t Many = 6000;
        QString block;
        for (int64_t i = 0; i < Many; ++i)
            block += QStringLiteral("text number %1\trefund\n").arg(i);
        QGuiApplication::clipboard()->setText(block);
        auto *table = gui.find<QTableView>("rowTable");
        QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(gui.session().counts().train, int64_t{2});  // nothing of it is shown before all of it is
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().counts().train, Many + 2, 20'000);
        // The rows are seen a moment before their job has ended.
        QTRY_VERIFY(gui.find<QLabel>("messageCause")->text().startsWith("Paste 6,000 rows"));
        QTRY_COMPARE(table->model()->rowCount(), static_cast<int>(Many) + 2);  // ordered in the background
        table->selectAll();
        QTest::keyClick(table, Qt::Key_2);
        QTest::keyClick(table, Qt::Key_1);  // another one must wait
        QVERIFY(gui.find<QLabel>("messageCause")->text().startsWith("Many rows are being written"));
        // A small one does not wait.
        bool named = false;
        const auto &jobs = gui.runner.jobs();
        const auto found = std::find_if(jobs.rbegin(), jobs.rend(),
                                        [](const auto *job) { return job->title() == "Label 6,002 rows delivery"; });
        QVERIFY2(found != jobs.rend(), qPrintable(jobs.back()->title()));
        core::Job *writing = *found;
        connect(writing, &core::Job::progressChanged, &gui.window, [&] {
            // That the job runs is told first, maybe before it has opened its edit: the class would be the older one.
            if (writing->progress().done > 0 && !std::exchange(named, true))
                QVERIFY(gui.session().apply(ui::addClassDraft("meanwhile")));
        });
        QTRY_VERIFY(named);
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().countsOf(2).train, Many + 2, 20'000);
        const auto *cause = gui.find<QLabel>("messageCause");
        QTRY_VERIFY(cause->text().startsWith("Label 6,002 rows delivery"));
        gui.find<QAction>("actionUndo")->trigger();  // the class
        QVERIFY2(gui.session().labels().size() == 2, qPrintable(cause->text()));
        gui.find<QAction>("actionUndo")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().countsOf(1).train, Many + 1, 20'000);
        QTRY_VERIFY2(cause->text().contains("Label 6,002 rows delivery"), qPrintable(cause->text()));
        gui.find<QAction>("actionRedo")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().countsOf(2).train, Many + 2, 20'000);
    }

    void linesAreStrongerWhereTheDesktopWantsContrast()
    {
        for (const auto scheme : {ui::Theme::Scheme::Dark, ui::Theme::Scheme::Light}) {
            m_theme->setScheme(scheme);
            const QColor weak = m_theme->tokens().border;
            m_theme->setHighContrast(true);
            QCOMPARE(m_theme->tokens().border, m_theme->tokens().muted);
            QVERIFY(m_theme->tokens().border != weak);
            QCOMPARE(qApp->palette().color(QPalette::Mid), m_theme->tokens().border);
            m_theme->setHighContrast(false);
            QCOMPARE(m_theme->tokens().border, weak);
        }
    }

    void importShowsWhatItWillDoAndKeepsWhatIsBad()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Import");
        write(gui.folder / "mails_train.csv",
              "when,body,topic\n1,money back,refund\n2,where is it,delivery\n3,,refund\n");
        write(gui.folder / "mails_exam.jsonl", "{\"text\":\"late parcel\",\"label\":\"delivery\"}\nnot json\n");
        gui.dialogs.on = [](QDialog &dialog) {
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            if (!QTest::qWaitFor(
                    [&] {
                        return dialog.findChild<QListWidget *>("importFiles")->count() == 2 &&
                               dialog.findChild<QTableView *>("importPreview")->model()->rowCount() == 3;
                    },
                    10'000))
                return false;
            auto *text = dialog.findChild<QComboBox *>("importText");
            text->setCurrentText("body");
            Q_EMIT text->activated(text->currentIndex());
            auto *label = dialog.findChild<QComboBox *>("importLabel");
            label->setCurrentText("topic");
            Q_EMIT label->activated(label->currentIndex());
            return QTest::qWaitFor([&] { return accept->text() == "Import 4 rows, 1 set aside"; }, 10'000);
        };
        gui.window.workspaceOrNull()->import({QString::fromStdString((gui.folder / "mails_train.csv").string()),
                                              QString::fromStdString((gui.folder / "mails_exam.jsonl").string())});
        QTRY_COMPARE(gui.session().counts().total(), int64_t{4});
        QCOMPARE(gui.session().counts().test, int64_t{1});
        QCOMPARE(gui.session().labels().size(), size_t{2});
        QTRY_VERIFY(gui.find<QLabel>("messageFollows")->text().contains("set aside"));
        QTRY_VERIFY(gui.find<QWidget>("finding_empty_text"));  // imported, and named as what blocks training
    }

    void findingsNameTheirRowsAndCanBeFixed()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Findings");
        gui.fill(3);
        QGuiApplication::clipboard()->setText("I want my money back 10\trefund\n");  // is in the exam, too
        QTest::keyClick(gui.find<QTableView>("rowTable"), Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(gui.find<QWidget>("finding_shared_rows"));
        QCOMPARE(gui.find<QPushButton>("primary")->text(), QString("Check"));
        auto *card = gui.find<QWidget>("finding_shared_rows");
        card->findChild<QPushButton *>("showRows")->click();
        QCOMPARE(gui.find<QTabBar>("splitTabs")->currentIndex(), 1);
        QCOMPARE(gui.find<QTableView>("rowTable")->model()->rowCount(), 1);
        card->findChild<QPushButton *>("fixRows")->click();
        QTRY_VERIFY(std::none_of(gui.session().findings().begin(), gui.session().findings().end(),
                                 [](const auto &f) { return f.code == "shared_rows"; }));
        QCOMPARE(gui.session().counts().test, int64_t{5});
    }

    void whatWasTypedAMomentAgoIsKeptWhenTheServiceIsClosed()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Kept");
        const auto folder = gui.session().folder();
        gui.find<QPlainTextEdit>("taskDescription")->setPlainText("Decide at once");
        gui.window.closeService();
        gui.window.openService(folder);
        QCOMPARE(gui.session().taskDescription(), QString("Decide at once"));
    }

    void ofTwoTrainingsStopMeansTheOneThatRuns()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Queue");
        gui.fill(10);
        QTRY_VERIFY(gui.find<QPushButton>("startTraining")->isEnabled());
        core::TrainOptions options;
        options.settings.epochs = 50;
        auto *first = gui.session().train(options);
        options.recipe = "seconds";
        auto *second = gui.session().train(options);
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().runningOrNull() != nullptr, 60'000);
        QCOMPARE(gui.session().trainingJobOrNull(), first);
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        gui.find<QPushButton>("stopTraining")->click();
        QTRY_COMPARE_WITH_TIMEOUT(first->state(), core::Job::State::Cancelled, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(second->state(), core::Job::State::Succeeded, 120'000);
        QCOMPARE(gui.session().runs().size(), size_t{2});
        // The stopped one is discarded, with its folder.
        const auto folder = gui.session().service().runFolder(gui.session().runs().front().info.id);
        gui.session().discard(gui.session().runs().front().info.id);
        QCOMPARE(gui.session().runs().size(), size_t{1});
        QVERIFY(!std::filesystem::exists(folder));
    }

    void aServiceOpenedInMidRunShowsTheWholeCurves()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Curves");
        gui.fill(110);
        const auto folder = gui.session().folder();
        gui.session().train(tinyTraining(1000));
        const auto passes = [&] {
            const auto *run = gui.session().runningOrNull();
            return run ? run->checkpoints.size() : 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(passes() > 2, 60'000);
        gui.window.closeService();
        QTest::qWait(300);
        gui.window.openService(folder);
        gui.window.workspaceOrNull()->show(ui::Step::Training);
        QTRY_VERIFY_WITH_TIMEOUT(passes() > 4, 60'000);
        const auto points = [&](const char *chart) {
            qsizetype most = 0;
            for (const auto *series : gui.find<QChartView>(chart)->chart()->series()) {
                if (const auto *line = qobject_cast<const QXYSeries *>(series))
                    most = std::max<qsizetype>(most, line->count());
            }
            return most;
        };
        QTRY_VERIFY(points("scoreChart") > 4);  // from the first pass on, not from the reopening
        QVERIFY(points("stepChart") > 4);
        for (core::Job *job : gui.runner.jobs())
            job->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!gui.session().runningOrNull(), 60'000);
    }

    void aRunThatACrashLeftBehindIsOfferedAndResumed()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Crashed");
        gui.fill(110);
        core::TrainOptions options = tinyTraining(8);
        options.name = "fallen";
        const auto folder = gui.session().folder();
        auto *job = gui.session().train(options);
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().runningOrNull() && !gui.session().runningOrNull()->checkpoints.empty(),
                                 60'000);
        job->cancel();
        QTRY_VERIFY_WITH_TIMEOUT(job->isFinished(), 60'000);
        gui.window.closeService();
        // As a process that was killed leaves it.
        core::Database::open(folder / "service.sqlite", core::OpenMode::ReadWrite)
            ->execute("UPDATE run SET state = 'running', pid = 999999999");
        gui.window.openService(folder);
        QCOMPARE(gui.find<QLabel>("messageCause")->text(), QString("fallen was interrupted."));
        gui.find<QPushButton>("messageAction")->click();
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Training);
        QVERIFY(gui.find<QPushButton>("resumeTraining")->isVisible());
        gui.find<QPushButton>("resumeTraining")->click();
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().runs().front().info.state, std::string("succeeded"), 120'000);
        QCOMPARE(gui.session().runs().front().checkpoints.size(), size_t{8});
    }

    void aSecondWindowMayLookButNotChange()
    {
        WindowUnderTest first(*m_theme);
        first.newService("Twice");
        first.fill(3);
        WindowUnderTest second(*m_theme);
        second.window.openService(first.session().folder());
        QVERIFY(second.session().isReadOnly());
        QVERIFY(second.find<QLabel>("messageCause")->text().startsWith("Another window"));
        QVERIFY(!second.session().apply(ui::addClassDraft("c")));
        QCOMPARE(first.session().labels().size(), size_t{2});
        // What the first one does appears in the second.
        QVERIFY(first.session().apply(ui::addClassDraft("c")));
        QTRY_COMPARE(second.session().labels().size(), size_t{3});
        const auto folder = first.session().folder();
        first.window.closeService();
        second.window.openService(folder);
        QVERIFY(!second.session().isReadOnly());
    }

    void aRunFromTheCommandLineShowsInTheOpenWindow()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Beside");
        gui.fill(10);
        const auto folder = QString::fromStdString(gui.session().folder().string());
        QProcess cli;
        cli.start(QStringLiteral(CLI_PROGRAM), {"train", folder, "--recipe", "seconds"});
        QVERIFY(cli.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().best().has_value(), 120'000);
        QTRY_COMPARE_WITH_TIMEOUT(gui.find<QListWidget>("runList")->count(), 1, 5'000);
        QTRY_COMPARE_WITH_TIMEOUT(cli.state(), QProcess::NotRunning, 120'000);  // it may have ended in the waits above
        QTRY_COMPARE(gui.session().runs().front().info.state, std::string("succeeded"));
    }
};

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
