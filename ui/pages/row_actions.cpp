// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/row_actions.h"

#include "core/tasks/rows_task.h"
#include "ui/dialogs/find_dialog.h"
#include "ui/dialogs/paste_dialog.h"
#include "ui/session/row_edits.h"
#include "ui/session/start_work.h"
#include "ui/widgets/example_table_view.h"
#include "ui/widgets/finding_card.h"
#include "ui/words.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMimeData>

using base::Result;
using Field = core::FieldChange::Field;

namespace ui {

namespace {

constexpr qsizetype LabelKeys = 9;

}  // namespace

RowActions::RowActions(Session &session, Dialogs &dialogs, ExampleTableModel &model, ExampleTableView &table,
                       std::function<core::Split()> split)
    : QObject(&table), m_session(session), m_dialogs(dialogs), m_model(model), m_table(table), m_split(std::move(split))
{
    connect(&table, &ExampleTableView::labelKey, this, &RowActions::labelSelected);
    connect(&table, &ExampleTableView::deletePressed, this, &RowActions::removeSelected);
    connect(&table, &ExampleTableView::clearPressed, this, &RowActions::clearCells);
    connect(&table, &ExampleTableView::copyPressed, this, &RowActions::copy);
    connect(&table, &ExampleTableView::pastePressed, this, &RowActions::paste);
    connect(&table, &ExampleTableView::insertPressed, this, &RowActions::insertRow);
    connect(&table, &ExampleTableView::fillDownPressed, this, &RowActions::fillDown);
    connect(&table, &ExampleTableView::acceptPressed, this, &RowActions::acceptSuggested);
    connect(&table, &ExampleTableView::keepPressed, this, &RowActions::keepLabels);
    connect(&table, &QWidget::customContextMenuRequested, this, &RowActions::showMenu);
}

std::vector<int64_t> RowActions::selectedIds() const
{
    std::vector<int64_t> ids;
    for (const int row : m_table.selectedRows())
        ids.push_back(m_model.idAt(row));
    return ids;
}

void RowActions::labelSelected(int number)
{
    const auto &labels = m_session.labels();
    if (number == 0)
        return labelSelectedAs({});
    if (number > LabelKeys || static_cast<size_t>(number) > labels.size())
        return Q_EMIT say(tr("There is no class number %1.").arg(number),
                          tr("Classes are numbered as on the Define page."));
    labelSelectedWith(labels[static_cast<size_t>(number) - 1]);
}

/// One label replaces another; where rows may have several it comes to them, or goes.
void RowActions::labelSelectedWith(const core::Label &label)
{
    if (!m_session.isMultiLabel())
        return labelSelectedAs(QString::fromStdString(label.name));
    const auto ids = selectedIds();
    auto rows = m_session.service().examples().read(ids);
    if (!rows)
        return Q_EMIT failed(rows.error());
    if (!rows->empty())
        m_session.apply(toggleDraft(*rows, core::Label(label)));
}

void RowActions::labelSelectedAs(const QString &name)
{
    const auto rows = m_table.selectedRows();
    const auto ids = selectedIds();
    if (ids.empty() || m_session.isReadOnly())
        return;
    if (m_session.apply(labelDraft(m_session, ids, name)) && rows.size() == 1)
        stepDown(rows.front());
}

/// To the row below, so that one hand can go through them.
void RowActions::stepDown(int row)
{
    if (row + 1 < m_model.rowCount() && m_table.isVisible())
        m_table.setCurrentIndex(m_model.index(row + 1, m_table.currentIndex().column()));
}

void RowActions::removeSelected()
{
    const auto ids = selectedIds();
    if (!ids.empty())
        m_session.apply(removeDraft(ids));
}

void RowActions::clearCells()
{
    const auto ids = selectedIds();
    if (ids.empty())
        return;
    switch (m_table.currentIndex().column()) {
    case ExampleTableModel::Text: m_session.apply(fillDraft(ids, Field::Text, {})); break;
    case ExampleTableModel::Comment: m_session.apply(fillDraft(ids, Field::Comment, {})); break;
    case ExampleTableModel::Label: labelSelectedAs({}); break;
    default: Q_EMIT say(tr("This column is not for typing."), tr("Delete takes away whole rows."));
    }
}

void RowActions::fillDown()
{
    const auto rows = m_table.selectedRows();
    if (rows.size() < 2)
        return Q_EMIT say(tr("Choose several rows first."), tr("The cell of the first one fills those below."));
    const core::Example first = m_model.exampleAt(rows.front());
    std::vector<int64_t> below = selectedIds();
    below.erase(below.begin());
    switch (m_table.currentIndex().column()) {
    case ExampleTableModel::Text:
        m_session.apply(fillDraft(below, Field::Text, QString::fromStdString(first.text)));
        break;
    case ExampleTableModel::Comment:
        m_session.apply(fillDraft(below, Field::Comment, QString::fromStdString(first.comment)));
        break;
    default: m_session.apply(labelDraft(m_session, below, m_session.labelText(first)));
    }
}

void RowActions::duplicate()
{
    const auto ids = selectedIds();
    auto rows = m_session.service().examples().read(ids);
    if (!rows)
        return Q_EMIT failed(rows.error());
    if (!rows->empty())
        m_session.apply(duplicateDraft(*rows));
}

void RowActions::comment()
{
    const auto rows = m_table.selectedRows();
    if (rows.empty())
        return;
    const auto ids = selectedIds();
    const QString before = QString::fromStdString(m_model.exampleAt(rows.front()).comment);
    const QString text =
        m_dialogs.askText(&m_table, tr("Comment"), tr("A note for people. Classifiers never see it."), before);
    if (!text.isEmpty() && text != before)
        m_session.apply(fillDraft(ids, Field::Comment, text));
}

void RowActions::insertRow()
{
    core::EditDraft draft{.title = tr("Add a row").toStdString()};
    draft.newRows.push_back({.text = {}, .split = m_split(), .provenance = "human"});
    const auto edit = m_session.apply(draft);
    if (!edit)
        return;
    Q_EMIT rowAdded();
    const auto added = core::EditLog(m_session.service().database()).addedRows(*edit);
    const int row = added && !added->empty() ? m_model.rowOf(added->front()) : -1;
    if (row < 0)
        return;
    m_table.setCurrentIndex(m_model.index(row, ExampleTableModel::Text));
    m_table.setFocus();
    m_table.edit(m_model.index(row, ExampleTableModel::Text));
}

void RowActions::paste()
{
    const CellTable cells = cellsOf(*QGuiApplication::clipboard()->mimeData());
    if (cells.isEmpty())
        return Q_EMIT say(tr("The clipboard holds no text."),
                          tr("Copy rows in a spreadsheet first: text, and label beside it."));
    PasteColumns columns = guessColumns(cells);
    if (columns.isUnusual) {
        PasteDialog dialog(cells, columns, m_table.window());
        if (!m_dialogs.run(dialog))
            return;
        columns = dialog.columns();
    }
    const auto draft = pasteDraft(m_session, cells, columns, m_split());
    if (!draft.newRows.empty())
        m_session.apply(draft);
}

void RowActions::copy(bool withHeader)
{
    CellTable table;
    if (withHeader)
        table << QStringList{QStringLiteral("text"), QStringLiteral("label"), QStringLiteral("comment")};
    for (const int row : m_table.selectedRows()) {
        const core::Example example = m_model.exampleAt(row);
        table << QStringList{QString::fromStdString(example.text), m_session.labelText(example)};
        if (withHeader)
            table.back() << QString::fromStdString(example.comment);
    }
    if (!table.isEmpty())
        QGuiApplication::clipboard()->setMimeData(toClipboard(table));
}

void RowActions::findAndReplace()
{
    std::vector<int64_t> shown;
    for (int row = 0; row < m_model.rowCount(); ++row)
        shown.push_back(m_model.idAt(row));
    FindDialog dialog(m_session, selectedIds(), std::move(shown), m_table.window());
    if (m_dialogs.run(dialog))
        m_session.apply(dialog.draft());
}

void RowActions::exportRows()
{
    const QString to = m_dialogs.chooseSaveFile(&m_table, tr("Rows to a file: .csv, .xlsx or .jsonl"),
                                                QStringLiteral("%1.csv").arg(QLatin1String(core::name(m_split()))));
    if (to.isEmpty())
        return;
    core::RowsOptions options{.split = m_split()};
    options.format = to.endsWith(u".xlsx", Qt::CaseInsensitive)    ? core::RowFormat::Xlsx
                     : to.endsWith(u".jsonl", Qt::CaseInsensitive) ? core::RowFormat::Jsonl
                                                                   : core::RowFormat::Csv;
    startWork<int64_t>(
        m_session.runner(), tr("Writing rows"), core::Lane::Shared, this,
        [folder = m_session.folder(), options, path = toPath(to)](const base::WorkContext &context) -> Result<int64_t> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::exportRows(service, options, path, context);
        },
        [this, to](const Result<int64_t> &rows) {
            if (rows)
                Q_EMIT say(tr("%1 written.").arg(rowsText(*rows)), to);
            else if (rows.error().code != base::ErrorCode::Cancelled)
                Q_EMIT failed(rows.error());
        });
}

void RowActions::fix(const core::Finding &finding)
{
    const auto &rows = finding.fixRows.empty() ? finding.rows : finding.fixRows;
    switch (FindingCard::fixOf(finding)) {
    case FindingCard::Fix::Remove: m_session.apply(removeDraft(rows)); break;
    case FindingCard::Fix::Mask: {
        auto draft = maskDraft(m_session, rows);
        if (draft)
            m_session.apply(*draft);
        else
            Q_EMIT failed(draft.error());
        break;
    }
    case FindingCard::Fix::Unlabel: m_session.apply(moveDraft(rows, core::Split::Unlabelled)); break;
    default: break;
    }
}

void RowActions::acceptSuggested()
{
    const auto rows = m_table.selectedRows();
    SuggestedLabels suggested;
    for (const int64_t id : selectedIds()) {
        if (const auto better = m_session.betterLabelsOf(id))
            suggested.emplace_back(id, *better);
        else if (const auto *suggestion = m_session.suggestionOrNull(id))
            suggested.emplace_back(id, suggestion->labels);
    }
    if (suggested.empty())
        return Q_EMIT say(tr("Nothing is suggested for these rows."),
                          tr("Suggestions come once two classes have three rows each."));
    if (m_session.apply(acceptDraft(suggested, m_split() == core::Split::Unlabelled)) && rows.size() == 1 &&
        m_split() != core::Split::Unlabelled)
        stepDown(rows.front());
}

void RowActions::acceptAllAbove(double confidence)
{
    SuggestedLabels suggested;
    const auto &byRow = m_session.suggestions().byRow;
    for (const auto &[row, suggestion] : byRow) {
        if (suggestion.confidence >= confidence)
            suggested.emplace_back(row, suggestion.labels);
    }
    if (suggested.empty())
        return Q_EMIT say(tr("No suggestion is that sure yet."), tr("Label a few more rows by hand first."));
    m_session.apply(acceptDraft(suggested, true));
}

void RowActions::keepLabels()
{
    std::vector<int64_t> kept;
    for (const int64_t id : selectedIds()) {
        if (m_session.betterLabelsOf(id))
            kept.push_back(id);
    }
    if (kept.empty())
        return Q_EMIT say(tr("No other label is suggested for these rows."), {});
    const auto rows = m_table.selectedRows();
    m_session.ignore("label_errors", kept);
    if (rows.size() == 1)
        stepDown(rows.front());
}

void RowActions::addSuggestionActions(QMenu &menu, bool some)
{
    menu.addAction(tr("Accept the suggested label\tCtrl+Return"), this, &RowActions::acceptSuggested)->setEnabled(some);
    menu.addAction(tr("Keep the label\tCtrl+Shift+Return"), this, &RowActions::keepLabels)->setEnabled(some);
}

void RowActions::showMenu(const QPoint &position)
{
    QMenu menu(&m_table);
    const bool some = !m_table.selectedRows().empty();
    auto *labelMenu = menu.addMenu(tr("Label"));
    labelMenu->setEnabled(some);
    int number = 0;
    for (const core::Label &label : m_session.labels()) {
        const QString key = ++number <= LabelKeys ? QStringLiteral("\t%1").arg(number) : QString();
        connect(labelMenu->addAction(menuText(className(label.name)) + key), &QAction::triggered, this,
                [this, label] { labelSelectedWith(label); });
    }
    if (m_session.isMultiLabel())
        connect(labelMenu->addAction(tr("None of the classes")), &QAction::triggered, this,
                [this] { labelSelectedAs(QStringLiteral("[]")); });
    connect(labelMenu->addAction(tr("No label\t0")), &QAction::triggered, this, [this] { labelSelectedAs({}); });
    auto *moveMenu = menu.addMenu(tr("Move to"));
    moveMenu->setEnabled(some);
    for (int i = 0; i < 3; ++i) {
        const auto to = static_cast<core::Split>(i);
        if (to != m_split())
            connect(moveMenu->addAction(splitText(to)), &QAction::triggered, this,
                    [this, to] { m_session.apply(moveDraft(selectedIds(), to)); });
    }
    addSuggestionActions(menu, some);
    menu.addSeparator();
    menu.addAction(tr("Show the row\tSpace"), this, &RowActions::showRowAsked)->setEnabled(some);
    menu.addAction(tr("Comment..."), this, &RowActions::comment)->setEnabled(some);
    menu.addAction(tr("Duplicate"), this, &RowActions::duplicate)->setEnabled(some);
    menu.addAction(tr("Fill down\tCtrl+D"), this, &RowActions::fillDown)->setEnabled(some);
    menu.addAction(tr("Clear the cells\tBackspace"), this, &RowActions::clearCells)->setEnabled(some);
    menu.addAction(tr("Find and replace...\tCtrl+H"), this, &RowActions::findAndReplace);
    menu.addSeparator();
    menu.addAction(tr("Add a row\tIns"), this, &RowActions::insertRow);
    menu.addAction(tr("Copy\tCtrl+C"), this, [this] { copy(false); })->setEnabled(some);
    menu.addAction(tr("Copy with names of the columns\tCtrl+Shift+C"), this, [this] { copy(true); })->setEnabled(some);
    menu.addAction(tr("Paste as new rows\tCtrl+V"), this, &RowActions::paste);
    menu.addAction(tr("Delete\tDel"), this, &RowActions::removeSelected)->setEnabled(some);
    menu.exec(m_table.viewport()->mapToGlobal(position));
}

}  // namespace ui
