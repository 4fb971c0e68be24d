// SPDX-License-Identifier: Apache-2.0
// From an own file to a service in one step, and what an empty service looks like.
#include "tests/ui/gui.h"
#include "ui/session/service_place.h"

#include <QAction>
#include <QDropEvent>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>

using namespace support;

class FirstMinuteTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

    static void writeMails(const std::filesystem::path &file, const std::string &extra = {})
    {
        write(file, "text,label\nmoney back please,refund\nwhere is my parcel,delivery\n" + extra);
    }
    /// Accepts the import as soon as so many files are read.
    static std::function<bool(QDialog &)> acceptImport(int files)
    {
        return [files](QDialog &dialog) {
            if (dialog.objectName() != u"importDialog")
                return false;
            auto *list = dialog.findChild<QListWidget *>("importFiles");
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            return list->count() == files && QTest::qWaitFor([&] { return accept->isEnabled(); }, 10'000);
        };
    }
    static void drop(WindowUnderTest &gui, const std::vector<std::filesystem::path> &places)
    {
        QList<QUrl> urls;
        for (const auto &place : places)
            urls << QUrl::fromLocalFile(QString::fromStdString(place.string()));
        QMimeData data;
        data.setUrls(urls);
        QDragEnterEvent enter({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&gui.window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent dropped({50, 50}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&gui.window, &dropped);
    }
    static int servicesIn(WindowUnderTest &gui)
    {
        std::error_code code;
        int count = 0;
        for (std::filesystem::directory_iterator i(gui.folder / "services", code), end; !code && i != end; ++i)
            ++count;
        return count;
    }
    static bool isIdle(WindowUnderTest &gui)
    {
        return std::all_of(gui.runner.jobs().begin(), gui.runner.jobs().end(),
                           [](const core::Job *job) { return job->isFinished(); });
    }
    static QList<QPushButton *> shownButtons(WindowUnderTest &gui, const std::function<bool(QPushButton *)> &fits)
    {
        QList<QPushButton *> found;
        for (auto *button : gui.window.findChildren<QPushButton *>()) {
            if (button->isVisible() && fits(button))
                found << button;
        }
        return found;
    }
    static QList<QPushButton *> importButtons(WindowUnderTest &gui)
    {
        return shownButtons(gui, [](QPushButton *button) { return button->text().startsWith(u"Import"); });
    }
    static bool hasLabel(WindowUnderTest &gui, const std::string &name)
    {
        const auto &labels = gui.session().labels();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const core::Label &label) { return label.name == name && label.declared; });
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void namesAreClean_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("name");
        QTest::newRow("a file") << QStringList{"support mails 2024.csv"} << "support mails 2024";
        QTest::newRow("underscores") << QStringList{"support_mails__2024.xlsx"} << "support mails 2024";
        QTest::newRow("packed") << QStringList{"Mails.CSV.GZ"} << "Mails";
        QTest::newRow("points") << QStringList{"mails.v1.2.jsonl"} << "mails.v1.2";
        QTest::newRow("hidden") << QStringList{".mails"} << "mails";
        QTest::newRow("no name at all") << QStringList{"__.csv"} << "Texts";
        QTest::newRow("other letters") << QStringList{QStringLiteral("\u00DCbungs_f\u00E4lle.tsv")}
                                       << QStringLiteral("\u00DCbungs f\u00E4lle");
        QTest::newRow("several are their folder") << QStringList{"a.csv", "b.csv"} << "Two files";
    }
    void namesAreClean()
    {
        QFETCH(QStringList, files);
        QFETCH(QString, name);
        const TempFolder folder;
        std::vector<std::filesystem::path> paths;
        for (const QString &file : files)
            paths.push_back(folder / "Two_files" / file.toStdString());
        QCOMPARE(ui::serviceNameOf(paths), name);
    }

    void severalFilesOfAnywhereAreCalledByTheFirst()
    {
        const auto anywhere = std::filesystem::path(QDir::tempPath().toStdString());
        QCOMPARE(ui::serviceNameOf({anywhere / "mails.csv", anywhere / "more.csv"}), QString("mails"));
        QCOMPARE(ui::serviceNameOf({anywhere / "x/mails.csv", anywhere / "y/more.csv"}), QString("mails"));
    }

    void aChosenFileMakesTheService()
    {
        WindowUnderTest gui(*m_theme);
        writeMails(gui.folder / "support mails 2024.csv", "no label here,\n");
        gui.dialogs.files.push_back({gui.path("support mails 2024.csv")});
        gui.dialogs.on = acceptImport(1);
        auto *button = gui.find<QPushButton>("startImport");
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(gui.window.workspaceOrNull(), 20'000);
        QCOMPARE(gui.session().name(), QString("support mails 2024"));
        QCOMPARE(gui.session().folder(), gui.folder / "services/support-mails-2024");
        QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Data);
        QCOMPARE(gui.session().counts().train, int64_t{3});
        QVERIFY(hasLabel(gui, "refund") && hasLabel(gui, "delivery"));
        QCOMPARE(gui.find<QLabel>("messageCause")->text(), QString("3 rows imported."));
        // The import is a step like others.
        gui.find<QAction>("actionUndo")->trigger();
        QCOMPARE(gui.session().counts().total(), int64_t{0});
        // Once more: beside the first, under a name of its own.
        gui.window.closeService();
        gui.dialogs.files.push_back({gui.path("support mails 2024.csv")});
        gui.find<QAction>("actionImportFiles")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(gui.window.workspaceOrNull(), 20'000);
        QCOMPARE(gui.session().name(), QString("support mails 2024 (2)"));
        QCOMPARE(gui.session().folder(), gui.folder / "services/support-mails-2024-2");
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aCancelledImportLeavesNothing()
    {
        const TempFolder temporary;
        const QByteArray before = qgetenv("TMPDIR");
        {
            WindowUnderTest gui(*m_theme);
            qputenv("TMPDIR", temporary.path().c_str());
            writeMails(gui.folder / "mails.csv");
            bool isAsked = false;
            gui.dialogs.on = [&](QDialog &dialog) {
                isAsked = acceptImport(1)(dialog);
                return false;
            };
            drop(gui, {gui.folder / "mails.csv"});
            QTRY_VERIFY(isAsked && isIdle(gui));
            QVERIFY(!gui.window.workspaceOrNull());
            QCOMPARE(servicesIn(gui), 0);
            QVERIFY(gui.find<QPushButton>("startImport")->isVisible());
            // The chooser, too.
            gui.dialogs.files.push_back({});
            gui.find<QPushButton>("startImport")->click();
            gui.dialogs.folders.push_back({});
            gui.find<QPushButton>("startFolder")->click();
            QTRY_VERIFY(isIdle(gui));
            QCOMPARE(servicesIn(gui), 0);
            QCOMPARE(gui.dialogs.unforeseen, 0);
        }
        qputenv("TMPDIR", before);
        QVERIFY(std::filesystem::is_empty(temporary.path()));
    }

    void aFileThatCannotBeReadMakesNothing()
    {
        WindowUnderTest gui(*m_theme);
        write(gui.folder / "picture.png", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16));
        bool isEnabled = true;
        gui.dialogs.on = [&](QDialog &dialog) {
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            static_cast<void>(QTest::qWaitFor(
                [&] { return !dialog.findChild<QListWidget *>("importFiles")->item(0)->text().contains(u"reading"); },
                10'000));
            isEnabled = accept->isEnabled();
            return isEnabled;
        };
        drop(gui, {gui.folder / "picture.png"});
        QTRY_VERIFY(!isEnabled && isIdle(gui));
        QCOMPARE(servicesIn(gui), 0);
        // A folder without anything to read is said, and no dialog is shown.
        gui.dialogs.on = {};
        std::filesystem::create_directories(gui.folder / "empty");
        gui.dialogs.folders.push_back(gui.path("empty"));
        gui.find<QPushButton>("startFolder")->click();
        QTRY_VERIFY(gui.find<QLabel>("messageCause")->text().contains("no files of rows"));
        QCOMPARE(servicesIn(gui), 0);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aFolderOfFilesMakesTheService()
    {
        WindowUnderTest gui(*m_theme);
        writeMails(gui.folder / "support_mails/train.csv");
        writeMails(gui.folder / "support_mails/test.csv", "do you ship to Spain,question\n");
        gui.dialogs.folders.push_back(gui.path("support_mails"));
        gui.dialogs.on = acceptImport(2);
        gui.find<QPushButton>("startFolder")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.window.workspaceOrNull(), 20'000);
        QCOMPARE(gui.session().name(), QString("support mails"));
        QCOMPARE(gui.session().counts().train, int64_t{2});
        QCOMPARE(gui.session().counts().test, int64_t{3});
        QVERIFY(hasLabel(gui, "question"));  // although another file came first
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void aFolderThatDescribesAServiceBecomesOneAsItIs()
    {
        WindowUnderTest gui(*m_theme);
        writeDistilFolder(gui.folder / "sorted", 3);
        write(gui.folder / "sorted/test.csv",
              "question,answer\nrefund my card,refund\n,refund\nparcel late,delivery\n");
        drop(gui, {gui.folder / "sorted"});
        QTRY_VERIFY_WITH_TIMEOUT(gui.window.workspaceOrNull(), 20'000);
        QCOMPARE(gui.session().taskDescription(), QString("Sort mails"));
        QCOMPARE(gui.session().counts().train, int64_t{6});
        // Such a folder is a new service also where another one is open; a service is opened.
        const auto first = gui.session().folder();
        drop(gui, {gui.folder / "sorted"});
        QTRY_VERIFY(gui.window.workspaceOrNull() && gui.session().folder() != first);
        drop(gui, {first});
        QTRY_COMPARE(gui.session().folder(), first);
        drop(gui, {gui.session().folder().parent_path() / "sorted-2" / "service.sqlite"});
        QTRY_COMPARE(gui.session().folder(), gui.folder / "services/sorted-2");
        QCOMPARE(servicesIn(gui), 2);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void whatAFolderLeavesOutIsSaid()
    {
        WindowUnderTest gui(*m_theme);
        writeDistilFolder(gui.folder / "sorted", 3);
        write(gui.folder / "sorted/test.jsonl", "{\"question\":\"refund my card\",\"answer\":\"refund\"}\nno json\n");
        std::filesystem::remove(gui.folder / "sorted/test.csv");
        gui.window.makeFrom({gui.folder / "sorted"});
        QTRY_VERIFY_WITH_TIMEOUT(gui.window.workspaceOrNull(), 20'000);
        QCOMPARE(gui.session().counts().test, int64_t{1});
        QVERIFY(gui.find<QLabel>("messageFollows")->text().contains("Row 2 of test.jsonl"));
    }

    void droppedFilesGoWhereOneStands()
    {
        WindowUnderTest gui(*m_theme);
        writeMails(gui.folder / "mails/march.csv");
        write(gui.folder / "mails/april.csv", "text,label\nmoney back now,refund\n");
        gui.dialogs.on = acceptImport(2);
        drop(gui, {gui.folder / "mails/march.csv", gui.folder / "mails/april.csv"});
        QTRY_VERIFY_WITH_TIMEOUT(gui.window.workspaceOrNull(), 20'000);
        QCOMPARE(gui.session().name(), QString("mails"));
        QCOMPARE(gui.session().counts().train, int64_t{3});
        // In an open service files and folders of files become rows of it.
        write(gui.folder / "more/may.csv", "text,label\nthe parcel is late,delivery\n");
        gui.dialogs.on = acceptImport(1);
        drop(gui, {gui.folder / "more"});
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().counts().train, int64_t{4}, 20'000);
        QCOMPARE(servicesIn(gui), 1);
        QCOMPARE(gui.dialogs.unforeseen, 0);
    }

    void anEmptyServiceIsCalm()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Calm");
        QTRY_VERIFY(isIdle(gui));
        QTest::qWait(600);  // a check comes a moment after the service was opened
        QTRY_VERIFY(isIdle(gui));
        QVERIFY(gui.session().findings().empty());
        const auto isFilled = [](QPushButton *button) { return button->property("kind").toString() == u"primary"; };
        for (int step = 0; step < ui::StepCount; ++step) {
            gui.window.workspaceOrNull()->show(static_cast<ui::Step>(step));
            const auto filled =
                shownButtons(gui, [&](QPushButton *button) { return isFilled(button) && button->isEnabled(); });
            QVERIFY2(filled.size() == 1, qPrintable(QString::number(step)));
            for (const auto *label : gui.window.findChildren<QLabel *>())
                QVERIFY2(!label->isVisible() || label->text().isEmpty() ||
                             label->property("role").toString() != u"danger",
                         qPrintable(label->text()));
        }
        // Each leads to the data, where there is one way in.
        for (const auto step :
             {ui::Step::Define, ui::Step::Teacher, ui::Step::Training, ui::Step::Results, ui::Step::Use}) {
            gui.window.workspaceOrNull()->show(step);
            auto *primary = gui.find<QPushButton>("primary");
            QCOMPARE(primary->text(), QString("Bring data"));
            primary->click();
            QCOMPARE(gui.window.workspaceOrNull()->current(), ui::Step::Data);
        }
        QCOMPARE(importButtons(gui).size(), 1);
        QCOMPARE(importButtons(gui).front(), gui.find<QPushButton>("emptyImport"));
        QVERIFY(!gui.find<QTabBar>("panelTabs")->isVisible());
        QVERIFY(!gui.find<QWidget>("rowSearch")->isVisible());
        QVERIFY(!gui.find<QPushButton>("startTraining")->isEnabled());

        // With the first rows everything is there, and what is wrong is said.
        QGuiApplication::clipboard()->setText("money back\trefund\n");
        gui.find<QPushButton>("emptyPaste")->click();
        QTRY_VERIFY(!gui.session().findings().empty());
        QVERIFY(gui.find<QTabBar>("panelTabs")->isVisible());
        QVERIFY(gui.find<QWidget>("rowSearch")->isVisible());
        QCOMPARE(importButtons(gui).size(), 1);
        QCOMPARE(gui.find<QPushButton>("primary")->text(), QString("Check"));
        // A part without rows has one way in, too.
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(1);
        QCOMPARE(importButtons(gui).size(), 1);
        QCOMPARE(shownButtons(gui, isFilled), QList<QPushButton *>{gui.find<QPushButton>("primary")});
        gui.find<QAction>("actionUndo")->trigger();
        QTRY_VERIFY(gui.session().findings().empty());
        QVERIFY(!gui.find<QTabBar>("panelTabs")->isVisible());
    }
};

QTEST_MAIN(FirstMinuteTest)
#include "tst_first_minute.moc"
