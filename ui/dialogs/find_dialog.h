// SPDX-License-Identifier: Apache-2.0
// Find and replace in the texts of rows, with a count before anything is changed.
#pragma once

#include "core/tasks/find_replace.h"
#include "ui/session/session.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class FindDialog final : public QDialog {
    Q_OBJECT
public:
    /// `selected` and `shown`: the rows of the table that are chosen, and all that its filter shows.
    FindDialog(Session &session, std::vector<int64_t> selected, std::vector<int64_t> shown, QWidget *parent);

    /// What to apply, once accepted.
    [[nodiscard]] core::EditDraft draft() const;

private:
    [[nodiscard]] core::FindReplace what() const;
    void count();
    void show(const base::Result<core::Replacements> &found);

    Session &m_session;
    std::vector<int64_t> m_rows[2];
    QTimer m_typing;
    core::Job *m_job = nullptr;
    core::Replacements m_found;
    QLineEdit *m_find;
    QLineEdit *m_replace;
    QComboBox *m_where;
    QCheckBox *m_regex;
    QCheckBox *m_case;
    QLabel *m_count;
    QPushButton *m_accept;
};

}  // namespace ui
