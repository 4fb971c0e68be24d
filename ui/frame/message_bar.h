// SPDX-License-Identifier: Apache-2.0
// The one place where the window speaks: a line under the head.
#pragma once

#include "ui/message.h"
#include "ui/theme/theme.h"

#include <QFrame>
#include <QTimer>
#include <optional>
#include <vector>

class QLabel;
class QPushButton;

namespace ui {

class MarkLabel;

class MessageBar final : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(const Theme &theme, QWidget *parent = nullptr);

    /// Replaces what is shown; one that stays comes back when the new one is closed, and lets news wait. News and
    /// successes go by themselves after a while.
    void show(const Message &message);
    /// Closes everything.
    void clear();

private:
    void display(const Message &message);
    void next();

    Message m_message;
    std::vector<Message> m_covered;  ///< that stay, the newest last
    std::optional<Message> m_news;   ///< the newest that waits
    MarkLabel *m_mark;
    QLabel *m_cause;
    QLabel *m_follows;
    QPushButton *m_action;
    QPushButton *m_copy;
    QTimer m_away;
};

}  // namespace ui
