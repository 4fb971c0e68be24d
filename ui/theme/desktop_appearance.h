// SPDX-License-Identifier: Apache-2.0
// What the desktop wishes for, by the freedesktop settings portal (org.freedesktop.appearance).
#pragma once

#include <QObject>
#include <QString>

namespace ui {

/// The portal's group of settings that this is about.
inline const QString DesktopAppearance = QStringLiteral("org.freedesktop.appearance");

/// The portal's answer; without one, `otherwise`.
[[nodiscard]] bool desktopIsDark(bool otherwise);
/// False without a portal.
[[nodiscard]] bool desktopWantsContrast();
/// Calls `slot` (group, key, value; fewer are fine) of `receiver` whenever a setting changes.
void onDesktopSettingChange(QObject *receiver, const char *slot);

}  // namespace ui
