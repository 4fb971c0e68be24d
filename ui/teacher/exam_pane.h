// SPDX-License-Identifier: Apache-2.0
// What a language model is worth: its exams, one for each version of the prompt.
#pragma once

#include "ui/session/teacher_desk.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <QWidget>

class QCheckBox;
class QLabel;
class QTableView;

namespace ui {

/// "Good for 5 of 8 classes; too few exam rows to be sure of order; keep a person on refund, chargeback."
[[nodiscard]] QString verdictText(const core::StoredReport &stored);

class ExamPane final : public QWidget {
    Q_OBJECT
public:
    ExamPane(const Theme &theme, Session &session, TeacherDesk &desk, QWidget *parent = nullptr);

    void setKind(TeacherKind kind);
    /// The versions of the prompt to examine; empty: the one in use.
    [[nodiscard]] std::vector<std::string> versions() const;

Q_SIGNALS:
    void openResults();

private:
    void refresh();
    void addRow(const QString &name, const core::RunInfo &info, const core::StoredReport &stored);

    Session &m_session;
    TeacherDesk &m_desk;
    TeacherKind m_kind = TeacherKind::Service;
    QLabel *m_verdict, *m_words;
    QCheckBox *m_all;
    QTableView *m_table;
    QStandardItemModel m_rows;
};

}  // namespace ui
