// SPDX-License-Identifier: Apache-2.0
// What a language model's work waits for, as a sentence that counts down.
#pragma once

#include "core/teacher/calls/call_engine.h"

#include <QObject>
#include <QString>

namespace ui {

/// "Paused by the service, on in 2:03. ..." while it is; else the last trouble, or nothing.
[[nodiscard]] inline QString troubleText(const core::CallState &calls)
{
    const QString trouble = QString::fromStdString(calls.trouble);
    if (!calls.pause)
        return trouble;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*calls.pause).count();
    const QString left = QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return QObject::tr("Paused by the service, on in %1. %2").arg(left, trouble);
}

}  // namespace ui
