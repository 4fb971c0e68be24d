// SPDX-License-Identifier: Apache-2.0
// The table of rows with its keys: numbers label, Delete, copy, paste, fill down, suggestions, Space.
#pragma once

#include <QTableView>

namespace ui {

class ExampleTableView final : public QTableView {
    Q_OBJECT
public:
    using QTableView::edit;
    using QTableView::QTableView;

    [[nodiscard]] std::vector<int> selectedRows() const;  ///< ascending

Q_SIGNALS:
    void labelKey(int number);  ///< 1 to 9; 0: no label
    void deletePressed();
    void clearPressed();  ///< cells, not rows
    void copyPressed(bool withHeader);
    void pastePressed();
    void insertPressed();
    void fillDownPressed();
    void acceptPressed();  ///< the suggested label
    void keepPressed();    ///< the row's own label
    void showRowPressed();
    void currentRowChanged(int row);
    void filesDropped(const QStringList &files);
    void editingChanged(bool isEditing);  ///< a cell's editor has opened, or closed

protected:
    bool edit(const QModelIndex &index, EditTrigger trigger, QEvent *event) override;
    void closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint) override;
    void keyPressEvent(QKeyEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
};

}  // namespace ui
