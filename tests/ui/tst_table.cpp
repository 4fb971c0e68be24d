// SPDX-License-Identifier: Apache-2.0
// The table of rows as a spreadsheet: clipboard, find and replace, fill, comments, sorting, filters, history,
// suggestions and findings.
#include "core/quality/finding.h"
#include "tests/ui/gui.h"
#include "ui/dialogs/find_dialog.h"
#include "ui/dialogs/paste_dialog.h"
#include "ui/models/example_table_model.h"
#include "ui/session/clipboard_table.h"
#include "ui/session/row_edits.h"
#include "ui/widgets/filter_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QTableView>

using namespace support;
using Columns = ui::ExampleTableModel;

namespace {

QString cell(QTableView *table, int row, int column)
{
    return table->model()->index(row, column).data(Qt::EditRole).toString();
}

/// Chooses an entry of the menu that opens next.
void chooseInMenu(const QString &text)
{
    QTimer::singleShot(0, qApp, [text] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        for (QAction *action : menu->actions()) {
            if (action->text().startsWith(text)) {
                menu->close();
                action->trigger();
                return;
            }
        }
        menu->close();
        QFAIL("no such entry");
    });
}

}  // namespace

class TableTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void cellsOfTextAndHtml()
    {
        using ui::cellsOf;
        QCOMPARE(cellsOf(QStringLiteral("a\tb\r\n\"c \"\"d\"\"\ne\"\tf\n\n")),
                 (ui::CellTable{{"a", "b"}, {"c \"d\"\ne", "f"}}));
        // A quotation mark that nothing closes belongs to the text.
        QCOMPARE(cellsOf(QStringLiteral("\"open\tx\nnext\ty")), (ui::CellTable{{"\"open", "x"}, {"next", "y"}}));
        QMimeData html;
        html.setText(QStringLiteral("ignored"));
        // As LibreOffice and Excel write it: the cell is in quotes, has a line break, or refers to a file.
        html.setHtml(
            QStringLiteral("<html><body><table><tr><td>\"quoted\"</td><td>refund</td></tr><tr><td>two<br>lines "
                           "&amp; more<img src=\"file:///etc/passwd\"></td><td></td></tr></table></body></html>"));
        const auto cells = cellsOf(html);
        QCOMPARE(cells.size(), 2);
        QCOMPARE(cells[0], (QStringList{"\"quoted\"", "refund"}));
        QVERIFY(cells[1][0].startsWith("two\nlines & more"));
        QMimeData prose;
        prose.setHtml(QStringLiteral("<p>no table</p>"));
        prose.setText(QStringLiteral("no table"));
        QCOMPARE(cellsOf(prose), (ui::CellTable{{"no table"}}));
        // What is copied comes back as it was, as text and as HTML.
        const ui::CellTable nasty{
            {"tab\there", "line\nbreak"}, {"\"quotes\" & <tags>", "  blanks  kept"}, {"شكرا", "谢谢"}};
        const std::unique_ptr<QMimeData> copied(ui::toClipboard(nasty));
        QCOMPARE(cellsOf(copied->text()), nasty);
        auto fromHtml = cellsOf(*copied);
        fromHtml[0][0].replace(u' ', u'\t');  // HTML has no tab
        QCOMPARE(fromHtml[0], nasty[0]);
        QCOMPARE(fromHtml[1][0], nasty[1][0]);
        QCOMPARE(fromHtml[2], nasty[2]);
    }

    void columnsAreGuessed()
    {
        const auto plain = ui::guessColumns({{"a text", "refund"}, {"another", "delivery"}});
        QVERIFY(!plain.isUnusual);
        QCOMPARE(plain.label, 1);
        const auto named = ui::guessColumns({{"id", "label", "text"}, {"1", "refund", "money"}});
        QVERIFY(named.isUnusual && named.hasHeader);
        QCOMPARE(named.text, 2);
        QCOMPARE(named.label, 1);
        const auto wide =
            ui::guessColumns({{"1", "the longest cell is the text", "refund"}, {"2", "so it is", "delivery"}});
        QVERIFY(wide.isUnusual && !wide.hasHeader);
        QCOMPARE(wide.text, 1);
        QCOMPARE(wide.label, 2);
    }

    void anUnusualBlockIsAskedAbout()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Paste");
        gui.fill(2);
        auto *table = gui.find<QTableView>("rowTable");
        QGuiApplication::clipboard()->setText(
            "id\ttext\tnote\tlabel\n7\tnew text\tsee mail\trefund\n8\t\t\tdelivery\n");
        gui.dialogs.on = [](QDialog &dialog) {
            [&] {
                QCOMPARE(dialog.findChild<QComboBox *>("pasteRole1")->currentText(), QString("Text"));
                QCOMPARE(dialog.findChild<QComboBox *>("pasteRole3")->currentText(), QString("Label"));
                QVERIFY(dialog.findChild<QCheckBox *>("pasteHeader")->isChecked());
                QCOMPARE(dialog.findChild<QPushButton *>("pasteRows")->text(), QString("Paste 2 rows"));
            }();
            return true;
        };
        QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(table->model()->rowCount(), 5);  // a row without a text is none
        QCOMPARE(cell(table, 4, Columns::Text), QString("new text"));
        QCOMPARE(cell(table, 4, Columns::Label), QString("refund"));
        QCOMPARE(cell(table, 4, Columns::Comment), QString("see mail"));
        gui.dialogs.on = {};

        // Copied with the names of the columns, the same comes back.
        chooseRows(table, 4, 4, Columns::Text);
        QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("text\tlabel\tcomment\nnew text\trefund\tsee mail\n"));
        QVERIFY(QGuiApplication::clipboard()->mimeData()->hasHtml());
    }

    void findAndReplaceCountsFirst()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Find");
        gui.fill(4);
        auto *table = gui.find<QTableView>("rowTable");
        const auto answer = [&](const QString &find, const QString &replace, bool regex, const QString &count) {
            gui.dialogs.on = [=](QDialog &dialog) {
                dialog.findChild<QCheckBox *>("findRegex")->setChecked(regex);
                dialog.findChild<QLineEdit *>("replaceText")->setText(replace);
                dialog.findChild<QLineEdit *>("findText")->setText(find);
                auto *words = dialog.findChild<QLabel *>("findCount");
                return QTest::qWaitFor([&] { return words->text().contains(count); }) &&
                       dialog.findChild<QPushButton *>("replaceAll")->isEnabled();
            };
            gui.find<QAction>("actionReplace")->trigger();
        };
        answer("MONEY", "cash\\1", false, "4 places in 4 rows");
        QCOMPARE(cell(table, 0, Columns::Text), QString("I want my cash\\1 back 00"));
        answer("(\\d)(\\d)$", "\\2 of \\1", true, "8 places in 8 rows");
        QCOMPARE(cell(table, 2, Columns::Text), QString("I want my cash\\1 back 1 of 0"));
        answer("([", "x", true, "no regular expression");
        answer("nowhere", "x", false, "Not found");
        gui.session().undo();
        gui.session().undo();
        QCOMPARE(cell(table, 0, Columns::Text), QString("I want my money back 00"));
        // Only among the chosen rows.
        chooseRows(table, 0, 1, Columns::Text);
        answer("a", "A", false, "in 2 rows");
        QCOMPARE(cell(table, 1, Columns::Text), QString("Where is my pArcel 00"));
        QCOMPARE(cell(table, 3, Columns::Text), QString("Where is my parcel 01"));
    }

    void cellsAreFilledClearedAndDuplicated()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Cells");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        chooseRows(table, 0, 3, Columns::Label);
        QTest::keyClick(table, Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(cell(table, 3, Columns::Label), QString("refund"));
        chooseRows(table, 1, 2, Columns::Label);
        QTest::keyClick(table, Qt::Key_Backspace);
        QCOMPARE(cell(table, 1, Columns::Label), QString());
        QCOMPARE(table->model()->rowCount(), 6);
        chooseRows(table, 0, 2, Columns::Text);
        QTest::keyClick(table, Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(cell(table, 2, Columns::Text), cell(table, 0, Columns::Text));
        chooseRows(table, 0, 1, Columns::Text);
        chooseInMenu("Duplicate");
        Q_EMIT table->customContextMenuRequested(QPoint(5, 5));
        QCOMPARE(table->model()->rowCount(), 8);
        QCOMPARE(cell(table, 6, Columns::Text), cell(table, 0, Columns::Text));
        gui.dialogs.texts.push_back("ask Kim");
        chooseRows(table, 4, 5, Columns::Text);
        chooseInMenu("Comment");
        Q_EMIT table->customContextMenuRequested(QPoint(5, 5));
        QCOMPARE(cell(table, 5, Columns::Comment), QString("ask Kim"));
        for (int step = 0; step < 5; ++step)
            gui.session().undo();
        QCOMPARE(table->model()->rowCount(), 6);
        QCOMPARE(cell(table, 3, Columns::Label), QString("delivery"));
        QCOMPARE(cell(table, 5, Columns::Comment), QString());
    }

    void aCommentTypedBesideTheRowIsKept()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Comments");
        gui.fill(2);
        auto *table = gui.find<QTableView>("rowTable");
        chooseRows(table, 1, 1, Columns::Text);
        auto *edit = gui.find<QPlainTextEdit>("rowComment");
        edit->setPlainText("typed");
        chooseRows(table, 2, 2, Columns::Text);  // before the pause is over
        QCOMPARE(cell(table, 1, Columns::Comment), QString("typed"));
        QCOMPARE(edit->toPlainText(), QString());
        chooseRows(table, 1, 1, Columns::Text);
        QCOMPARE(edit->toPlainText(), QString("typed"));
    }

    void severalColumnsSort()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Sort");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        auto *header = table->horizontalHeader();
        const auto click = [&](int section, Qt::KeyboardModifiers modifiers) {
            QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers,
                              QPoint(header->sectionViewportPosition(section) + 20, header->height() / 2));
        };
        click(Columns::Label, {});
        click(Columns::Text, Qt::ShiftModifier);
        click(Columns::Text, Qt::ShiftModifier);
        auto *model = qobject_cast<Columns *>(table->model());
        QCOMPARE(model->sortKeys().size(), size_t{2});
        QVERIFY(model->sortKeys()[1].descending);
        QCOMPARE(cell(table, 0, Columns::Label), QString("refund"));
        QCOMPARE(cell(table, 0, Columns::Text), QString("I want my money back 02"));
        QCOMPARE(cell(table, 3, Columns::Text), QString("Where is my parcel 02"));
        click(Columns::Text, {});
        QCOMPARE(model->sortKeys().size(), size_t{1});
    }

    void filtersAreSavedByName()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Filters");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        gui.find<QLineEdit>("rowSearch")->setText("parcel");
        QTRY_COMPARE(table->model()->rowCount(), 3);
        gui.dialogs.texts.push_back("Parcels");
        chooseInMenu("Save this filter");
        gui.find<QPushButton>("savedFilters")->click();
        gui.find<QLineEdit>("rowSearch")->clear();
        QTRY_COMPARE(table->model()->rowCount(), 6);
        chooseInMenu("Parcels");
        gui.find<QPushButton>("savedFilters")->click();
        QTRY_COMPARE(table->model()->rowCount(), 3);
        QCOMPARE(gui.find<QLineEdit>("rowSearch")->text(), QString("parcel"));
    }

    void oneStepIsTakenBackAmongLaterOnes()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("History");
        gui.fill(3);
        auto *table = gui.find<QTableView>("rowTable");
        chooseRows(table, 0, 0, Columns::Text);
        QTest::keyClick(table, Qt::Key_2);
        chooseRows(table, 1, 1, Columns::Text);
        QTest::keyClick(table, Qt::Key_1);
        gui.find<QTabBar>("panelTabs")->setCurrentIndex(2);
        auto buttons = gui.window.findChildren<QPushButton *>("takeBack");
        QVERIFY(buttons.size() >= 2);
        buttons[1]->click();  // the older of the two
        QCOMPARE(cell(table, 0, Columns::Label), QString("refund"));
        QCOMPARE(cell(table, 1, Columns::Label), QString("refund"));
        QVERIFY(gui.session().undoTitle().startsWith("Take back: Label"));
        // The rows came by an edit whose rows were labelled since: the reason is said, nothing is changed.
        const auto before = gui.session().counts().total();
        QSignalSpy refused(&gui.session(), &ui::Session::failed);
        const auto history = gui.session().history();
        for (const auto &edit : history) {
            if (edit.title == "Paste 6 rows")
                gui.session().takeBack(edit.id);
        }
        QCOMPARE(refused.size(), 1);  // the exam's went, train's did not
        QCOMPARE(gui.session().counts().total(), before - 6);
        QCOMPARE(gui.session().counts().train, int64_t{6});
    }

    void findingsAreFixedAndIgnored()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Findings");
        gui.fill(10);
        auto *table = gui.find<QTableView>("rowTable");
        table->model()->setData(table->model()->index(0, Columns::Text),
                                "I want my money back, write to kim@example.org");
        const auto findingOrNull = [&](const std::string &code) -> const core::Finding * {
            const auto &all = gui.session().findings();
            const auto found = std::find_if(all.begin(), all.end(), [&](const auto &f) { return f.code == code; });
            return found == all.end() ? nullptr : &*found;
        };
        QTRY_VERIFY(findingOrNull("personal_data"));
        auto *card = gui.find<QWidget>("finding_personal_data");
        card->findChild<QPushButton *>("ignoreFinding")->click();
        QTRY_VERIFY(!findingOrNull("personal_data"));
        gui.session().undo();
        QTRY_VERIFY(findingOrNull("personal_data"));
        QTRY_VERIFY(gui.find<QWidget>("finding_personal_data"));
        gui.find<QWidget>("finding_personal_data")->findChild<QPushButton *>("fixRows")->click();
        QCOMPARE(cell(table, 0, Columns::Text), QString("I want my money back, write to [mail address]"));
        QTRY_VERIFY(!findingOrNull("personal_data"));
    }

    void variationsOfRowsAreNamedAsTheyCome()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Variations");
        gui.fill(2);
        auto *table = gui.find<QTableView>("rowTable");
        const auto rowsOf = [&](const char *code) {
            const auto &all = gui.session().findings();
            const auto found = std::find_if(all.begin(), all.end(), [&](const auto &f) { return f.code == code; });
            return found == all.end() ? size_t{0} : found->rows.size();
        };
        QTRY_COMPARE(rowsOf("near_duplicates"), size_t{2});  // without a deeper look
        // A row of the exam is taken as a pattern for one of train.
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(1);
        chooseRows(table, 0, 0, Columns::Text);
        chooseInMenu("Duplicate");
        Q_EMIT table->customContextMenuRequested(QPoint(5, 5));
        QCOMPARE(table->model()->rowCount(), 5);
        const QModelIndex copy = table->model()->index(4, Columns::Text);
        QVERIFY(table->model()->setData(copy, "Nothing of the sort is said here any more", Qt::EditRole));
        QCOMPARE(rowsOf("made_from_the_exam"), size_t{0});
        const int64_t id = dynamic_cast<Columns *>(table->model())->idAt(4);
        gui.session().apply(ui::moveDraft(std::span(&id, 1), core::Split::Train));
        QTRY_COMPARE(rowsOf("made_from_the_exam"), size_t{1});
        QTRY_VERIFY(gui.find<QWidget>("finding_made_from_the_exam"));
        gui.find<QWidget>("finding_made_from_the_exam")->findChild<QPushButton *>("fixRows")->click();
        QTRY_COMPARE(rowsOf("made_from_the_exam"), size_t{0});
        QCOMPARE(gui.session().counts().train, int64_t{4});
    }

    void aDeeperLookFindsWrongLabelsAndKeysDecide()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Deep");
        gui.fill(12);
        auto *table = gui.find<QTableView>("rowTable");
        for (const int row : {4, 5}) {  // one of each class, wrong now
            chooseRows(table, row, row, Columns::Text);
            QTest::keyClick(table, row == 4 ? Qt::Key_2 : Qt::Key_1);
        }
        QTRY_VERIFY(gui.find<QPushButton>("lookDeeper"));
        gui.find<QPushButton>("lookDeeper")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().deepCheck().hasRun(), 60'000);
        QTRY_VERIFY(gui.session().betterLabelsOf(5) && gui.session().betterLabelsOf(6));
        QCOMPARE(table->model()->index(4, Columns::Label).data(Columns::SuggestedRole).toString(), QString("refund"));
        chooseRows(table, 4, 4, Columns::Text);
        QTest::keyClick(table, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(cell(table, 4, Columns::Label), QString("refund"));
        QTRY_VERIFY(!gui.session().betterLabelsOf(5));
        chooseRows(table, 5, 5, Columns::Text);
        QTest::keyClick(table, Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!gui.session().betterLabelsOf(6));
        QCOMPARE(cell(table, 5, Columns::Label), QString("refund"));  // kept
    }

    void unlabelledRowsGetSuggestions()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Suggestions");
        gui.fill(6);
        gui.find<QTabBar>("splitTabs")->setCurrentIndex(2);
        QGuiApplication::clipboard()->setText("please give my money back\nthe parcel did not come\nhello\n");
        gui.find<QPushButton>("emptyPaste")->click();
        auto *table = gui.find<QTableView>("rowTable");
        QTRY_COMPARE_WITH_TIMEOUT(gui.session().suggestions().byRow.size(), size_t{3}, 60'000);
        QCOMPARE(table->model()->index(0, Columns::Label).data(Columns::SuggestedRole).toString(), QString("refund"));
        QVERIFY(!table->model()->index(0, Columns::Confidence).data().toString().isEmpty());
        // The least sure comes first.
        gui.find<QTabBar>("panelTabs")->setCurrentIndex(3);
        QTRY_VERIFY(gui.find<QPushButton>("mostUseful"));
        gui.find<QPushButton>("mostUseful")->click();
        QTRY_COMPARE(cell(table, 0, Columns::Text), QString("hello"));
        chooseRows(table, 1, 1, Columns::Text);
        const QString text = cell(table, 1, Columns::Text);
        QTest::keyClick(table, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(gui.session().counts().train, int64_t{13});
        QCOMPARE(gui.session().counts().unlabelled, int64_t{2});
        const auto rows =
            gui.session().service().examples().order({.split = core::Split::Train, .search = text.toStdString()});
        QCOMPARE(rows->size(), size_t{1});
        QCOMPARE(gui.session().service().examples().read(*rows)->front().provenance,
                 std::string("suggestion accepted"));
    }

    void rowsGoOutFromTheWindow()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Out");
        gui.fill(2);
        gui.dialogs.folders.push_back(gui.path("rows.csv"));
        gui.find<QPushButton>("exportRows")->click();
        QTRY_VERIFY(std::filesystem::exists(gui.folder / "rows.csv"));
        QVERIFY(read(gui.folder / "rows.csv").find("I want my money back 00") != std::string::npos);
    }
};

QTEST_MAIN(TableTest)
#include "tst_table.moc"
