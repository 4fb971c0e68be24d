// SPDX-License-Identifier: Apache-2.0
// Parts of a class become one of their own: those whose text contains a word.
#pragma once

#include "ui/session/session.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class SplitDialog final : public QDialog {
    Q_OBJECT
public:
    SplitDialog(const Session &session, core::Label label, QWidget *parent);
    /// What to apply, once accepted.
    [[nodiscard]] base::Result<core::EditDraft> draft() const;

private:
    void count();

    const Session &m_session;
    core::Label m_label;
    std::vector<int64_t> m_rows;
    QLineEdit *m_name;
    QLineEdit *m_contains;
    QLabel *m_count;
    QPushButton *m_accept;
};

}  // namespace ui
