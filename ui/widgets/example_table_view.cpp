// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/example_table_view.h"

#include "ui/words.h"

#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMimeData>

namespace ui {

std::vector<int> ExampleTableView::selectedRows() const
{
    std::vector<int> rows;
    if (!selectionModel())
        return rows;
    // Ranges, not indexes: selecting a million rows stays cheap.
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

void ExampleTableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        return Q_EMIT copyPressed(false);
    if (event->matches(QKeySequence::Paste))
        return Q_EMIT pastePressed();
    if (event->matches(QKeySequence::Delete))
        return Q_EMIT deletePressed();
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (modifiers == Qt::ControlModifier && event->key() == Qt::Key_D)
        return Q_EMIT fillDownPressed();
    if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier) && event->key() == Qt::Key_C)
        return Q_EMIT copyPressed(true);
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (modifiers == Qt::ControlModifier)
            return Q_EMIT acceptPressed();
        if (modifiers == (Qt::ControlModifier | Qt::ShiftModifier))
            return Q_EMIT keepPressed();
    }
    if (modifiers == Qt::NoModifier) {
        if (event->key() == Qt::Key_Backspace)
            return Q_EMIT clearPressed();
        if (event->key() >= Qt::Key_0 && event->key() <= Qt::Key_9)
            return Q_EMIT labelKey(event->key() - Qt::Key_0);
        if (event->key() == Qt::Key_Insert)
            return Q_EMIT insertPressed();
        if (event->key() == Qt::Key_Space)
            return Q_EMIT showRowPressed();
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            if (currentIndex().isValid())
                edit(currentIndex());
            return;
        }
    }
    QTableView::keyPressEvent(event);
}

bool ExampleTableView::edit(const QModelIndex &index, EditTrigger trigger, QEvent *event)
{
    const bool opened = QTableView::edit(index, trigger, event);
    if (state() == EditingState)
        Q_EMIT editingChanged(true);
    return opened;
}

void ExampleTableView::closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint)
{
    QTableView::closeEditor(editor, hint);
    if (state() != EditingState)  // Tab opens the next one
        Q_EMIT editingChanged(false);
}

void ExampleTableView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    Q_EMIT currentRowChanged(current.isValid() ? current.row() : -1);
}

void ExampleTableView::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void ExampleTableView::dragMoveEvent(QDragMoveEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void ExampleTableView::dropEvent(QDropEvent *event)
{
    QStringList files;
    for (const auto &path : droppedPaths(*event->mimeData()))
        files << toQString(path);
    event->acceptProposedAction();
    if (!files.isEmpty())
        Q_EMIT filesDropped(files);
}

}  // namespace ui
