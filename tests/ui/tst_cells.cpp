// SPDX-License-Identifier: Apache-2.0
// A cell that is being edited while other things happen to the rows.
#include "core/store/edit_log.h"
#include "tests/ui/gui.h"
#include "ui/models/example_table_model.h"
#include "ui/session/row_edits.h"

#include <QLineEdit>
#include <QTableView>

using namespace support;
using Columns = ui::ExampleTableModel;

class CellsTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ui::Theme> m_theme;

private Q_SLOTS:
    void initTestCase() { m_theme = makeTheme(); }
    void cleanupTestCase() { m_theme.reset(); }

    void whatIsBeingTypedSurvivesWhatHappensMeanwhile_data()
    {
        QTest::addColumn<int>("column");
        QTest::newRow("text") << int{Columns::Text};
        QTest::newRow("label") << int{Columns::Label};
        QTest::newRow("comment") << int{Columns::Comment};
    }
    void whatIsBeingTypedSurvivesWhatHappensMeanwhile()
    {
        QFETCH(int, column);
        WindowUnderTest gui(*m_theme);
        gui.newService("Typing");
        gui.fill(2);
        auto *table = gui.find<QTableView>("rowTable");
        table->setColumnHidden(Columns::Comment, false);
        const auto cell = [&](int row, int of) { return table->model()->index(row, of).data(Qt::EditRole).toString(); };
        table->setCurrentIndex(table->model()->index(1, column));
        table->edit(table->currentIndex());
        auto *editor = table->viewport()->findChild<QLineEdit *>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, "typed");
        // The quick classifier has suggestions, and another program adds and removes rows.
        Q_EMIT gui.session().suggestionsChanged();
        Q_EMIT gui.session().findingsChanged();
        const auto other = core::Service::openAgain(gui.session().folder());
        VERIFY_RESULT(other);
        const core::EditLog log(other->database());
        VERIFY_RESULT(
            log.apply({.title = "Add", .newRows = {{.text = "from elsewhere", .split = core::Split::Train}}}));
        VERIFY_RESULT(log.apply(ui::removeDraft(std::vector<int64_t>{1})));
        gui.session().refresh();
        QCOMPARE(gui.session().counts().train, int64_t{4});
        QCOMPARE(table->viewport()->findChild<QLineEdit *>(), editor);
        QCOMPARE(editor->text(), QString("typed"));
        QTest::keyClick(editor, Qt::Key_Return);
        // It is in the row in which it was typed, and now the others are shown, too.
        QTRY_COMPARE(cell(3, Columns::Text), QString("from elsewhere"));
        QCOMPARE(table->model()->rowCount(), 4);
        QCOMPARE(cell(0, column), QString("typed"));
    }
};

QTEST_MAIN(CellsTest)
#include "tst_cells.moc"
