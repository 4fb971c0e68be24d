// SPDX-License-Identifier: Apache-2.0
// The one place where the window speaks: a line under the head.
#pragma once

#include "ui/message.h"
#include "ui/theme/theme.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace ui {

class MarkLabel;

class MessageBar final : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(const Theme &theme, QWidget *parent = nullptr);

    /// Replaces what is shown. News and successes go by themselves after a while; what went wrong stays.
    void show(const Message &message);

private:
    Message m_message;
    MarkLabel *m_mark;
    QLabel *m_cause;
    QLabel *m_follows;
    QPushButton *m_action;
    QPushButton *m_copy;
    QTimer m_away;
};

}  // namespace ui
