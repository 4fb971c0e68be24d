// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/desktop.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusReply>
#include <QVariantMap>

namespace ui {

namespace {

constexpr int AnswerMs = 500;

}  // namespace

void notifyDesktop(const QString &title, const QString &text)
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    auto call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
        QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
    call << QStringLiteral("Stillroom") << 0U << QStringLiteral("stillroom") << title << text << QStringList()
         << QVariantMap() << -1;
    bus.call(call, QDBus::NoBlock);
}

SleepGuard::SleepGuard(const QString &why)
{
    auto bus = QDBusConnection::systemBus();
    if (!bus.isConnected())
        return;
    auto call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"),
        QStringLiteral("org.freedesktop.login1.Manager"), QStringLiteral("Inhibit"));
    call << QStringLiteral("sleep:idle") << QStringLiteral("Stillroom") << why << QStringLiteral("block");
    const QDBusReply<QDBusUnixFileDescriptor> reply = bus.call(call, QDBus::Block, AnswerMs);
    if (reply.isValid())
        m_inhibitor = reply.value();
}

}  // namespace ui
