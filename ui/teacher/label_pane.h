// SPDX-License-Identifier: Apache-2.0
// A language model labels: ten rows to look at first, then all, with what becomes of them as one bar.
#pragma once

#include "ui/session/teacher_desk.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class CountBar;

class LabelPane final : public QWidget {
    Q_OBJECT
public:
    LabelPane(const Theme &theme, Session &session, TeacherDesk &desk, QWidget *parent = nullptr);

    void setKind(TeacherKind kind);
    void refresh();

private:
    void showRows(const std::vector<core::AskingState::Answered> &rows, const std::vector<std::string> &labels);
    /// Of a running job: the declared classes in their order, as prompts have them.
    void showNewest(const std::deque<core::AskingState::Answered> &newest);
    void showState();

    const Theme &m_theme;
    Session &m_session;
    TeacherDesk &m_desk;
    TeacherKind m_kind = TeacherKind::Service;
    QLabel *m_state, *m_time, *m_cost, *m_trouble, *m_tableWords;
    CountBar *m_bar;
    QPushButton *m_raw;
    QTableView *m_table;
    QStandardItemModel m_rows;
};

}  // namespace ui
