// SPDX-License-Identifier: Apache-2.0
// The rows of a split as a map, beside their table: what is chosen on one is chosen on the other.
#pragma once

#include "ui/models/example_table_model.h"
#include "ui/session/row_mapper.h"
#include "ui/widgets/row_map_view.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace ui {

class ExampleTableView;

class RowMapPane final : public QWidget {
    Q_OBJECT
public:
    /// `split` says which rows are shown; those that the table does not show are greyed.
    RowMapPane(const Theme &theme, Session &session, ExampleTableModel &model, ExampleTableView &table,
               std::function<core::Split()> split, QWidget *parent = nullptr);

    /// Draws a map if there is none of these rows.
    void open();

Q_SIGNALS:
    void failed(const base::Error &error);

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] core::MapMethod method() const;
    [[nodiscard]] std::shared_ptr<const core::RowMap> mapOrNull() const;
    void draw();
    void refresh();
    void fillDots(const core::RowMap &map);
    void chooseInTable(const std::vector<size_t> &dots);
    void showChosen();
    void forwardKey(QKeyEvent *event);
    [[nodiscard]] QString textOf(size_t dot) const;

    Session &m_session;
    ExampleTableModel &m_model;
    ExampleTableView &m_table;
    std::function<core::Split()> m_split;
    RowMapper m_mapper;
    QComboBox *m_method;
    QLabel *m_status;
    QLabel *m_waiting;
    QPushButton *m_again;
    QStackedWidget *m_middle;
    RowMapView *m_view;
    std::vector<int64_t> m_ids;    ///< of each dot
    std::vector<int> m_tableRows;  ///< of each dot; -1: the table does not show it
    bool m_isChoosing = false;
};

}  // namespace ui
