// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/desktop_appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#include <optional>

namespace ui {

namespace {

/// Without a portal there is no answer; nobody waits long for one.
constexpr int AnswerMs = 200;

const QString Portal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString Path = QStringLiteral("/org/freedesktop/portal/desktop");
const QString Settings = QStringLiteral("org.freedesktop.portal.Settings");

std::optional<uint> readSetting(const QString &key)
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return std::nullopt;
    auto call = QDBusMessage::createMethodCall(Portal, Path, Settings, QStringLiteral("Read"));
    call << DesktopAppearance << key;
    const auto answer = bus.call(call, QDBus::Block, AnswerMs);
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty())
        return std::nullopt;
    auto value = answer.arguments().constFirst();
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt();
}

}  // namespace

bool desktopIsDark(bool otherwise)
{
    const auto scheme = readSetting(QStringLiteral("color-scheme"));
    if (scheme == 1U)
        return true;
    return scheme == 2U ? false : otherwise;
}

bool desktopWantsContrast()
{
    return readSetting(QStringLiteral("contrast")) == 1U;
}

void onDesktopSettingChange(QObject *receiver, const char *slot)
{
    QDBusConnection::sessionBus().connect(Portal, Path, Settings, QStringLiteral("SettingChanged"), receiver, slot);
}

}  // namespace ui
