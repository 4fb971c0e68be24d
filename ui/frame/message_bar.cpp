// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/message_bar.h"

#include "ui/widgets/build.h"
#include "ui/widgets/mark_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QStyle>

namespace ui {

namespace {

constexpr int NewsSeconds = 12;

}  // namespace

MessageBar::MessageBar(const Theme &theme, QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("messageBar"));
    setProperty("frame", "bar");
    setMinimumHeight(40);
    auto *row = makeLayout<QHBoxLayout>({24, 4, 16, 5}, 8);
    setLayout(row);
    m_mark = new MarkLabel(theme);
    m_cause = makeLabel({}, "strong");
    m_cause->setObjectName(QStringLiteral("messageCause"));
    m_follows = makeLabel({}, nullptr, true);
    m_follows->setObjectName(QStringLiteral("messageFollows"));
    m_follows->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action = makeButton(tr("Undo"), "messageAction", "small");
    m_copy = makeButton(tr("Copy details"), "messageCopy", "small");
    auto *close = makeButton({}, "messageClose", "flat");
    close->setIcon(theme.icon("close"));
    close->setAccessibleName(tr("Close message"));
    row->addWidget(m_mark);
    row->addWidget(m_cause);
    row->addWidget(m_follows, 1);
    row->addWidget(m_action);
    row->addWidget(m_copy);
    row->addWidget(close);
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto action = m_message.action;
        hide();
        if (action)
            action();
        if (isHidden())
            next();
    });
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_message.details); });
    connect(close, &QPushButton::clicked, this, &MessageBar::next);
    m_away.setSingleShot(true);
    m_away.setInterval(NewsSeconds * 1000);
    connect(&m_away, &QTimer::timeout, this, &MessageBar::next);
    hide();
}

void MessageBar::show(const Message &message)
{
    if (!isHidden() && m_message.stays) {
        if (message.state == Message::State::News || message.state == Message::State::Success) {
            m_news = message;
            return;
        }
        if (message.cause != m_message.cause)
            m_covered.push_back(m_message);
    }
    display(message);
}

void MessageBar::next()
{
    hide();
    if (!m_covered.empty()) {
        const Message covered = m_covered.back();
        m_covered.pop_back();
        display(covered);
    } else if (m_news) {
        display(*std::exchange(m_news, std::nullopt));
    }
}

void MessageBar::clear()
{
    m_covered.clear();
    m_news.reset();
    hide();
}

void MessageBar::display(const Message &message)
{
    m_message = message;
    static constexpr const char *States[] = {"news", "success", "warning", "danger"};
    static constexpr Mark Marks[] = {Mark::Info, Mark::Done, Mark::Attention, Mark::Blocking};
    const auto index = static_cast<size_t>(message.state);
    setProperty("state", States[index]);
    style()->unpolish(this);
    style()->polish(this);
    m_mark->setMark(Marks[index]);
    m_cause->setText(message.cause);
    m_follows->setText(message.follows);
    m_action->setText(message.actionText);
    m_action->setAccessibleName(message.actionText);
    m_action->setVisible(!message.actionText.isEmpty());
    m_copy->setVisible(message.state == Message::State::Danger && message.actionText.isEmpty());
    setAccessibleName(message.cause + QStringLiteral(" ") + message.follows);
    QWidget::show();
    if (message.state == Message::State::News || message.state == Message::State::Success)
        m_away.start();
    else
        m_away.stop();
}

}  // namespace ui
