// SPDX-License-Identifier: Apache-2.0
// Rows with several classes in the window: brought, typed, toggled by keys, pasted, changed back, trained and read.
#include "tests/ui/gui.h"
#include "ui/delegates/labels_edit.h"
#include "ui/models/example_table_model.h"
#include "ui/models/prediction_table_model.h"
#include "ui/session/class_edits.h"

#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QListWidget>
#include <QTableView>

using namespace support;
using Columns = ui::ExampleTableModel;

namespace {

QString typed(QTableView *table, int row)
{
    return table->model()->index(row, Columns::Label).data(Qt::EditRole).toString();
}

QStringList chips(QTableView *table, int row)
{
    QStringList names;
    const auto shown = table->model()->index(row, Columns::Label).data(Columns::ChipsRole).value<ui::Chips>();
    for (const ui::Chip &chip : shown)
        names << chip.name;
    return names;
}

}  // namespace

class ChipsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

    /// Six mails whose labels are maps: none, damaged, refund, both; then both classes alone again.
    static void bring(WindowUnderTest &gui)
    {
        gui.newService("Mails");
        std::string lines;
        for (int i = 0; i < 6; ++i)
            lines += nlohmann::json{{"prompt", "mail " + std::to_string(i)},
                                    {"completion", {{"damaged_item", i % 2}, {"refund", i / 2 % 2}}}}
                         .dump() +
                     "\n";
        write(gui.folder / "mails.jsonl", lines);
        gui.dialogs.on = [](QDialog &dialog) {
            return QTest::qWaitFor(
                [&] { return dialog.findChild<QPushButton *>("importAccept")->text() == "Import 6 rows"; }, 10'000);
        };
        gui.window.workspaceOrNull()->import({gui.path("mails.jsonl")});
        gui.dialogs.on = {};
        gui.window.workspaceOrNull()->show(ui::Step::Data);
        auto *table = gui.find<QTableView>("rowTable");
        QTRY_COMPARE(table->model()->rowCount(), 6);
    }

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void aFirstImportSaysHowMany()
    {
        WindowUnderTest gui(*m_theme);
        bring(gui);
        QVERIFY(gui.session().isMultiLabel());
        QCOMPARE(gui.find<QComboBox>("taskType")->currentIndex(), 1);
        auto *table = gui.find<QTableView>("rowTable");
        QCOMPARE(chips(table, 0), QStringList{"none of them"});
        QCOMPARE(typed(table, 0), QString("[]"));
        QCOMPARE(chips(table, 3), (QStringList{"damaged item", "refund"}));
        QCOMPARE(typed(table, 3), QString("damaged_item; refund"));
        // The same file again: the dialog asks first.
        bool asked = false;
        gui.dialogs.on = [&](QDialog &dialog) {
            auto *accept = dialog.findChild<QPushButton *>("importAccept");
            auto *duplicates = dialog.findChild<QComboBox *>("importDuplicates");
            asked = QTest::qWaitFor([&] { return accept->text() == "Import 6 rows"; }, 10'000) &&
                    !accept->isEnabled() && duplicates->currentIndex() == -1;
            duplicates->setCurrentIndex(2);
            Q_EMIT duplicates->activated(2);
            return accept->isEnabled();
        };
        gui.window.workspaceOrNull()->import({gui.path("mails.jsonl")});
        QVERIFY(asked);
        QTRY_COMPARE(gui.session().history().size(), size_t{2});
        QCOMPARE(table->model()->rowCount(), 6);
    }

    void aDialogSetsRowsAsideThatDoNotFit()
    {
        WindowUnderTest gui(*m_theme);
        gui.newService("Single");
        gui.fill(3);
        write(gui.folder / "sets.jsonl", "{\"text\":\"both\",\"label\":[\"refund\",\"delivery\"]}\n"
                                         "{\"text\":\"one\",\"label\":[\"refund\"]}\n");
        QString note;
        gui.dialogs.on = [&](QDialog &dialog) {
            const bool read = QTest::qWaitFor(
                [&] { return dialog.findChild<QPushButton *>("importAccept")->text().contains("1 set aside"); },
                10'000);
            note = dialog.findChild<QLabel *>("importNote")->text();
            return read;
        };
        gui.window.workspaceOrNull()->import({gui.path("sets.jsonl")});
        QVERIFY2(note.contains("2 labels at once"), qPrintable(note));
        QTRY_COMPARE(gui.find<QTableView>("rowTable")->model()->rowCount(), 7);
        QVERIFY(!gui.session().isMultiLabel());
    }

    void keysToggleAndTextIsCompleted()
    {
        WindowUnderTest gui(*m_theme);
        bring(gui);
        auto *table = gui.find<QTableView>("rowTable");
        chooseRows(table, 0, 1, Columns::Label);
        QTest::keyClick(table, Qt::Key_2);
        QCOMPARE(typed(table, 0), QString("refund"));
        QCOMPARE(typed(table, 1), QString("damaged_item; refund"));
        QTest::keyClick(table, Qt::Key_2);  // all have it: it goes
        QCOMPARE(chips(table, 0), QStringList());
        QCOMPARE(typed(table, 1), QString("damaged_item"));
        gui.session().undo();
        QCOMPARE(typed(table, 0), QString("refund"));

        table->setCurrentIndex(table->model()->index(0, Columns::Label));
        table->edit(table->currentIndex());
        auto *editor = table->findChild<ui::LabelsEdit *>("labelEditor");
        QVERIFY(editor);
        QCOMPARE(editor->text(), QString("refund; "));
        QTest::keyClicks(editor, "dam");
        auto *names = editor->findChild<QCompleter *>();
        QCOMPARE(names->currentCompletion(), QString("damaged_item"));
        Q_EMIT names->activated(QString("damaged_item"));
        QCOMPARE(editor->text(), QString("refund; damaged_item; "));
        QTest::keyClicks(editor, "late");
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(typed(table, 0), QString("damaged_item; refund; late"));
        QCOMPARE(gui.session().labels().size(), size_t{3});

        // Copied as text and pasted as new rows they are the same.
        chooseRows(table, 0, 0, Columns::Label);
        QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("mail 0\tdamaged_item; refund; late\n"));
        QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(table->model()->rowCount(), 7);
        QCOMPARE(typed(table, 6), QString("damaged_item; refund; late"));
        QGuiApplication::clipboard()->setText("nothing of it\t[]\n");
        QTest::keyClick(table, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(typed(table, 7), QString("[]"));
        chooseRows(table, 0, 7, Columns::Label);
        QTest::keyClick(table, Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(typed(table, 5), QString("damaged_item; refund; late"));
    }

    void aDeepLookSuggestsSets()
    {
        WindowUnderTest gui(*m_theme);
        bring(gui);
        std::string lines;
        for (int i = 0; i < 48; ++i)
            lines += nlohmann::json{{"prompt", "mail " + std::to_string(100 + i) +
                                                   (i % 2 ? ", the cup arrived broken" : ", good day to you") +
                                                   (i / 2 % 2 ? ", please give the money back" : ", many thanks")},
                                    {"completion", {{"damaged_item", i == 5 ? 0 : i % 2}, {"refund", i / 2 % 2}}}}
                         .dump() +
                     "\n";
        write(gui.folder / "more.jsonl", lines);
        gui.session().importFiles({{gui.folder / "more.jsonl", {}}});
        auto *table = gui.find<QTableView>("rowTable");
        QTRY_COMPARE(table->model()->rowCount(), 54);
        constexpr int Wrong = 6 + 5;
        QCOMPARE(chips(table, Wrong), QStringList{"none of them"});
        QTRY_VERIFY(gui.find<QPushButton>("lookDeeper"));
        gui.find<QPushButton>("lookDeeper")->click();
        QTRY_VERIFY_WITH_TIMEOUT(gui.session().deepCheck().hasRun(), 60'000);
        QTRY_VERIFY(gui.session().betterLabelsOf(Wrong + 1));
        chooseRows(table, Wrong, Wrong, Columns::Label);
        QTest::keyClick(table, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(chips(table, Wrong), QStringList{"damaged item"});
    }

    void classesAreMergedSplitAndDeletedWithinSets()
    {
        WindowUnderTest gui(*m_theme);
        bring(gui);
        auto *table = gui.find<QTableView>("rowTable");
        auto &session = gui.session();
        const auto label = [&](const char *name) {
            return *std::find_if(session.labels().begin(), session.labels().end(),
                                 [&](const auto &l) { return l.name == name; });
        };
        const auto before = [&] {
            QStringList all;
            for (int row = 0; row < table->model()->rowCount(); ++row)
                all << typed(table, row);
            return all;
        };
        const QStringList whole = before();
        QVERIFY(session.apply(*ui::mergeDraft(session, label("refund"), {label("damaged_item")})));
        QCOMPARE(before(), (QStringList{"[]", "refund", "refund", "refund", "[]", "refund"}));
        session.undo();
        QCOMPARE(before(), whole);
        const auto rows = *ui::rowsToSplitOff(session, label("refund"), "mail 3");
        QVERIFY(session.apply(*ui::splitDraft(session, label("refund"), "money", rows)));
        QCOMPARE(typed(table, 3), QString("damaged_item; money"));
        session.undo();
        QVERIFY(session.apply(*ui::deleteClassDraft(session, label("refund"), ui::RowsOfDeleted::Unlabelled)));
        QCOMPARE(typed(table, 2), QString("damaged_item"));  // mail 2 had nothing else and moved to the unlabelled rows
        QCOMPARE(session.counts().unlabelled, int64_t{1});
        session.undo();
        QCOMPARE(before(), whole);
    }

    void oneClassEachOnlyWhereItFits()
    {
        WindowUnderTest gui(*m_theme);
        bring(gui);
        auto *type = gui.find<QComboBox>("taskType");
        const auto choose = [&](int index) {
            type->setCurrentIndex(index);
            Q_EMIT type->activated(index);
        };
        choose(0);
        QVERIFY(gui.session().isMultiLabel());
        QCOMPARE(type->currentIndex(), 1);
        QVERIFY(gui.find<QLabel>("messageCause")->text().contains("3 rows have several labels"));
        auto *table = gui.find<QTableView>("rowTable");
        chooseRows(table, 0, 5, Columns::Label);
        QTest::keyClick(table, Qt::Key_0);
        choose(0);
        QVERIFY(!gui.session().isMultiLabel());
        QTest::keyClick(table, Qt::Key_1);
        QTest::keyClick(table, Qt::Key_2);
        QCOMPARE(typed(table, 0), QString("refund"));  // the other one went
        choose(1);
        QVERIFY(gui.session().isMultiLabel());
        gui.session().undo();
        QVERIFY(!gui.session().isMultiLabel());
    }
};

QTEST_MAIN(ChipsTest)
#include "tst_chips.moc"
