// SPDX-License-Identifier: Apache-2.0
// What can be done with the rows that are chosen in the table: by key, by menu, by button.
#pragma once

#include "ui/models/example_table_model.h"
#include "ui/widgets/dialogs.h"

#include <QObject>

class QMenu;

namespace ui {

class ExampleTableView;

class RowActions final : public QObject {
    Q_OBJECT
public:
    /// Connects the table's keys. `split` says which rows are shown.
    RowActions(Session &session, Dialogs &dialogs, ExampleTableModel &model, ExampleTableView &table,
               std::function<core::Split()> split);

    void insertRow();
    void paste();
    void findAndReplace();
    /// The rows shown, to a file of the kind that its name says.
    void exportRows();
    /// Applies what a finding offers, if rows are enough for that.
    void fix(const core::Finding &finding);
    /// Of the unlabelled rows shown, those whose suggested label is at least so sure.
    void acceptAllAbove(double confidence);

Q_SIGNALS:
    void say(const QString &cause, const QString &follows);
    void failed(const base::Error &error);
    void showRowAsked();
    void rowAdded();

private:
    [[nodiscard]] std::vector<int64_t> selectedIds() const;
    void labelSelected(int number);
    void labelSelectedWith(const core::Label &label);
    void labelSelectedAs(const QString &name);
    void removeSelected();
    void clearCells();
    void fillDown();
    void duplicate();
    void comment();
    void copy(bool withHeader);
    void acceptSuggested();
    void keepLabels();
    void stepDown(int row);
    void showMenu(const QPoint &position);
    void addSuggestionActions(QMenu &menu, bool some);

    Session &m_session;
    Dialogs &m_dialogs;
    ExampleTableModel &m_model;
    ExampleTableView &m_table;
    std::function<core::Split()> m_split;
};

}  // namespace ui
