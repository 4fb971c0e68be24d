// SPDX-License-Identifier: Apache-2.0
// The import dialog with files that can be read in more than one way.
#include "core/tasks/rows_task.h"
#include "tests/support/zip_file.h"
#include "tests/ui/gui.h"

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QTableView>

using namespace support;

class ImportTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

    static bool waitForRows(QDialog &dialog, int rows)
    {
        return QTest::qWaitFor(
            [&] { return dialog.findChild<QTableView *>("importPreview")->model()->rowCount() == rows; }, 10'000);
    }

    /// The cell below the header "text"; the first column counts the rows.
    static QString firstText(QDialog &dialog)
    {
        const auto *rows = dialog.findChild<QTableView *>("importPreview")->model();
        for (int column = 0; column < rows->columnCount(); ++column) {
            if (rows->headerData(column, Qt::Horizontal).toString().contains(u"text"))
                return rows->index(0, column).data().toString();
        }
        return {};
    }

    static void choose(QDialog &dialog, const char *box, const QString &text)
    {
        auto *combo = dialog.findChild<QComboBox *>(QLatin1String(box));
        combo->setCurrentText(text);
        Q_EMIT combo->activated(combo->currentIndex());
    }

    static QStringList textsOf(WindowUnderTest &gui)
    {
        QStringList texts;
        auto service = core::Service::openAgain(gui.session().folder());
        static_cast<void>(service->examples().forEach(
            {}, [&](const core::Example &row) { texts << QString::fromStdString(row.text); }));
        return texts;
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }

    void aGuessedEncodingCanBeCorrected()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Encodings");
        write(gui.folder / "mails.csv", "text,label\ncaf\xE9 cr\xE8me,a\n");  // windows-1252 by its letters
        gui.dialogs.on = [&](QDialog &dialog) {
            if (!waitForRows(dialog, 1))
                return false;
            auto *reading = dialog.findChild<QComboBox *>("importReading");
            if (firstText(dialog) != QStringLiteral("caf\u00E9 cr\u00E8me") ||
                reading->currentText() != QLatin1String("windows-1252"))
                return false;
            choose(dialog, "importReading", "windows-1251");
            if (!QTest::qWaitFor([&] { return firstText(dialog) == QStringLiteral("caf\u0439 cr\u0438me"); }, 10'000))
                return false;
            choose(dialog, "importReading", "windows-1250");
            return QTest::qWaitFor([&] { return firstText(dialog) == QStringLiteral("caf\u00E9 cr\u010Dme"); }, 10'000);
        };
        gui.window.workspaceOrNull()->import({gui.path("mails.csv")});
        QTRY_COMPARE(textsOf(gui), QStringList{QStringLiteral("caf\u00E9 cr\u010Dme")});
    }

    void aSheetIsChosen()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Sheets");
        const auto row = [](const char *a, const char *b) {
            return std::string("<row><c t=\"str\"><v>") + a + "</v></c><c t=\"str\"><v>" + b + "</v></c></row>";
        };
        write(gui.folder / "book.xlsx", makeXlsx(row("text", "label") + row("a note", "x"),
                                                 row("text", "label") + row("a mail", "y") + row("another", "y")));
        gui.dialogs.on = [](QDialog &dialog) {
            if (!waitForRows(dialog, 1) || firstText(dialog) != QLatin1String("a note"))
                return false;
            choose(dialog, "importReading", "Mails");
            return waitForRows(dialog, 2) && dialog.findChild<QLabel *>("importDetails")->text().startsWith("Mails");
        };
        gui.window.workspaceOrNull()->import({gui.path("book.xlsx")});
        QTRY_COMPARE(textsOf(gui), (QStringList{"a mail", "another"}));
    }

    void allSheetsCanBeTaken()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("All sheets");
        const auto row = [](const char *a, const char *b) {
            return std::string("<row><c t=\"str\"><v>") + a + "</v></c><c t=\"str\"><v>" + b + "</v></c></row>";
        };
        write(gui.folder / "book.xlsx",
              makeXlsx(row("text", "label") + row("a note", "x"), row("text", "label") + row("a mail", "y")));
        gui.dialogs.on = [](QDialog &dialog) {
            if (!waitForRows(dialog, 1))
                return false;
            choose(dialog, "importReading", "All sheets");
            if (!waitForRows(dialog, 2))
                return false;
            choose(dialog, "importReading", "All, each named as its class");
            return QTest::qWaitFor(
                [&] { return dialog.findChild<QComboBox *>("importLabel")->currentText().contains(u"sheet"); });
        };
        gui.window.workspaceOrNull()->import({gui.path("book.xlsx")});
        QTRY_COMPARE(textsOf(gui), (QStringList{"a note", "a mail"}));
        QTRY_COMPARE(gui.session().labels().size(), size_t{2});
        QCOMPARE(gui.session().labels().back().name, std::string("Mails"));
    }

    void severalColumnsAreTheText()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Columns");
        write(gui.folder / "rows.csv", "a,b,label\nfirst,second,x\nthird,fourth,y\n");
        gui.dialogs.on = [&](QDialog &dialog) {
            if (auto *list = dialog.findChild<QListWidget *>("severalColumnsList")) {
                auto *accept = dialog.findChild<QPushButton *>("severalColumnsAccept");
                if (accept->isEnabled())
                    return false;
                list->item(0)->setCheckState(Qt::Checked);
                list->item(1)->setCheckState(Qt::Checked);
                return accept->isEnabled();
            }
            if (!waitForRows(dialog, 2))
                return false;
            choose(dialog, "importText", "Several columns...");
            return dialog.findChild<QComboBox *>("importText")->currentText() == QLatin1String("a + b");
        };
        gui.window.workspaceOrNull()->import({gui.path("rows.csv")});
        QTRY_COMPARE(textsOf(gui), (QStringList{"a: first\nb: second", "a: third\nb: fourth"}));
    }

    void labelsThatAreNoClassAreGivenOne()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Meaning");
        for (const char *name : {"spam", "ham"}) {
            gui.dialogs.texts.push_back(name);
            gui.find<QPushButton>("addClass")->click();
        }
        write(gui.folder / "rows.jsonl", "{\"text\":\"buy this now\",\"label\":true}\n"
                                         "{\"text\":\"see you later\",\"label\":false}\n");
        const auto give = [](QDialog &dialog, const char *label, const char *name) {
            auto *box = dialog.findChild<QComboBox *>(QStringLiteral("meaningOf ") + QLatin1String(label));
            box->setCurrentText(QLatin1String(name));
        };
        gui.dialogs.on = [&](QDialog &dialog) {
            if (dialog.objectName() == QLatin1String("labelMeaning")) {
                give(dialog, "true", "spam");
                give(dialog, "false", "ham");
                return true;
            }
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            if (!waitForRows(dialog, 2) || accept->isEnabled())
                return false;
            auto *meaning = dialog.findChild<QPushButton *>("importMeaning");
            if (!meaning->isVisible() || !meaning->text().startsWith(u'2'))
                return false;
            meaning->click();
            return accept->isEnabled();
        };
        gui.window.workspaceOrNull()->import({gui.path("rows.jsonl")});
        QTRY_COMPARE(textsOf(gui), (QStringList{"buy this now", "see you later"}));
        QTRY_COMPARE(gui.session().countsOf(gui.session().labels().front().id).train, int64_t{1});
    }

    void aColumnKeepsRowsTogether()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Groups");
        write(gui.folder / "rows.csv", "text,label,customer\none,a,7\ntwo,b,7\nthree,a,8\nfour,b,9\n");
        bool isNew = true;
        gui.dialogs.on = [&](QDialog &dialog) {
            auto *group = dialog.findChild<QComboBox *>("importGroup");
            if (!waitForRows(dialog, 4) || !group->isVisible() || group->count() != 2)
                return false;
            if (!isNew)
                return group->itemText(0) == QLatin1String("customer (as before)");
            choose(dialog, "importGroup", "customer");
            isNew = false;
            return true;
        };
        gui.window.workspaceOrNull()->import({gui.path("rows.csv")});
        QTRY_COMPARE(textsOf(gui).size(), 4);
        QCOMPARE(*gui.session().service().groupColumn(), std::string("customer"));
        write(gui.folder / "more.csv", "text,label,customer\nfive,a,7\nsix,b,7\nseven,a,8\neight,b,9\n");
        gui.window.workspaceOrNull()->import({gui.path("more.csv")});
        QTRY_COMPARE(textsOf(gui).size(), 8);
        QCOMPARE(*gui.session().service().groupColumn(), std::string("customer"));
    }

    void quotesCanBeChosen()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Quotes");
        write(gui.folder / "rows.csv", "text,label\n'one, two',a\n'three, four',b\n");
        gui.dialogs.on = [&](QDialog &dialog) {
            if (!waitForRows(dialog, 2))
                return false;
            choose(dialog, "importQuote", "None");
            const bool hasNoRows = waitForRows(dialog, 0);
            choose(dialog, "importQuote", "Single: 'a'");
            return hasNoRows && waitForRows(dialog, 2) && firstText(dialog) == QLatin1String("one, two");
        };
        gui.window.workspaceOrNull()->import({gui.path("rows.csv")});
        QTRY_COMPARE(textsOf(gui), (QStringList{"one, two", "three, four"}));
    }

    void whatACorrectedExportChangesIsShownFirst()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Corrected");
        gui.fill(2);
        const auto path = gui.folder / "out.csv";
        {
            const auto service = core::Service::openAgain(gui.session().folder());
            VERIFY_RESULT(core::exportRows(*service, {.format = core::RowFormat::Csv}, path, {}));
        }
        std::string text = read(path);
        const std::string before = "Where is my parcel 01,delivery";
        QVERIFY(text.find(before) != std::string::npos);
        text.replace(text.find(before), before.size(), "Where is my parcel 01,refund");
        write(path, text);
        QStringList shown;
        gui.dialogs.on = [&](QDialog &dialog) {
            if (dialog.objectName() == QLatin1String("rowUpdates")) {
                const auto *rows = dialog.findChild<QTableView *>("rowUpdatesTable")->model();
                for (int i = 0; i < rows->rowCount(); ++i) {
                    for (int column = 0; column < rows->columnCount(); ++column)
                        shown << rows->index(i, column).data().toString();
                }
                return true;
            }
            auto *changes = dialog.findChild<QPushButton *>("importChanges");
            if (!QTest::qWaitFor([&] { return changes->isVisible(); }, 10'000))
                return false;
            changes->click();
            return dialog.findChild<QLabel *>("importDetails")->text().contains(u"1 changes, 7 stay");
        };
        gui.window.workspaceOrNull()->import({gui.path("out.csv")});
        QTRY_COMPARE(shown, (QStringList{"Where is my parcel 01", "delivery", "refund"}));
        QTRY_COMPARE(gui.session().countsOf(gui.session().labels().front().id).train, int64_t{3});
    }

    void whatIsSetAsideIsShownAndSaved()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Set aside");
        write(gui.folder / "rows.jsonl", "{\"text\":\"kept\",\"label\":\"a\"}\n{broken\n{\"text\":7}\n");
        gui.dialogs.on = [](QDialog &dialog) { return waitForRows(dialog, 1) || waitForRows(dialog, 2); };
        gui.window.workspaceOrNull()->import({gui.path("rows.jsonl")});
        QTRY_COMPARE(textsOf(gui), QStringList{"kept"});
        QTRY_COMPARE(gui.find<QPushButton>("messageAction")->text(), QString("Show"));
        bool shown = false;
        gui.dialogs.folders.push_back(gui.path("report.csv"));
        gui.dialogs.on = [&](QDialog &dialog) {
            const auto *rows = dialog.findChild<QTableView *>("importReportTable")->model();
            shown = rows->rowCount() == 2 && rows->index(0, 1).data().toString() == QLatin1String("2");
            dialog.findChild<QPushButton *>("saveImportReport")->click();
            return shown;
        };
        gui.find<QPushButton>("messageAction")->click();
        QVERIFY(shown);
        const auto report = read(gui.folder / "report.csv");
        QVERIFY(report.find("rows.jsonl,2,") != std::string::npos && report.find("rows.jsonl,3,") != std::string::npos);
    }

    void aFolderOfDocumentsIsTaken()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Documents");
        std::filesystem::create_directory(gui.folder / "pile");
        write(gui.folder / "pile/a.pdf", makePdf({"Where is my parcel?"}));
        write(gui.folder / "pile/b.docx", makeDocx("<w:p><w:r><w:t>Money back.</w:t></w:r></w:p><w:p><w:r><w:t>At once."
                                                   "</w:t></w:r></w:p>"));
        write(gui.folder / "pile/c.pdf", "%PDF-1.4");
        gui.dialogs.on = [](QDialog &dialog) {
            auto *files = dialog.findChild<QListWidget *>("importFiles");
            const auto says = [&](int row, const char *text) {
                return files->count() == 3 && files->item(row)->text().contains(QLatin1String(text));
            };
            if (!QTest::qWaitFor(
                    [&] { return says(2, "cannot be read") && !says(0, "reading") && !says(1, "reading"); }, 10'000))
                return false;
            files->setCurrentRow(1);
            choose(dialog, "importReading", "a paragraph");
            return waitForRows(dialog, 2);
        };
        gui.window.workspaceOrNull()->import({gui.path("pile")});
        QTRY_COMPARE(textsOf(gui), (QStringList{"Where is my parcel?", "Money back.", "At once."}));
    }
};

QTEST_MAIN(ImportTest)
#include "tst_import.moc"
