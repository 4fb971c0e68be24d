// SPDX-License-Identifier: Apache-2.0
// What the window asks of the desktop: a notification, and not to sleep while a run trains.
#pragma once

#include <QDBusUnixFileDescriptor>
#include <QString>

namespace ui {

/// Without a notification service nothing happens.
void notifyDesktop(const QString &title, const QString &text);

/// Keeps the machine awake while it lives, where logind is there.
class SleepGuard {
public:
    explicit SleepGuard(const QString &why);

private:
    QDBusUnixFileDescriptor m_inhibitor;
};

}  // namespace ui
