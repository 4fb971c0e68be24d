// SPDX-License-Identifier: Apache-2.0
// What a language model's work waits for, as a sentence that counts down.
#pragma once

#include "core/teacher/calls/call_engine.h"

#include <QObject>
#include <QString>
#include <QStringList>

namespace ui {

/// "Paused by the service, on in 2:03. ..." or "Waiting for the service, on in 0:12. ..." while it is; else the last
/// trouble, or nothing.
[[nodiscard]] inline QString troubleText(const core::CallState &calls)
{
    const QString trouble = QString::fromStdString(calls.trouble);
    const auto wait = calls.pause ? calls.pause : calls.waiting;
    if (!wait)
        return trouble;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
    const QString left = QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    const QString words = calls.pause ? QObject::tr("Paused by the service, on in %1. %2")
                                      : QObject::tr("Waiting for the service, on in %1. %2");
    return words.arg(left, trouble);
}

/// What was learned of a service when it was first asked, or nothing.
[[nodiscard]] inline QString learnedText(const std::vector<std::string> &notes)
{
    QStringList words;
    for (const std::string &note : notes)
        words << QString::fromStdString(note);
    return words.isEmpty() ? QString() : QObject::tr("Learned about the service: %1").arg(words.join(QLatin1Char(' ')));
}

}  // namespace ui
