// SPDX-License-Identifier: Apache-2.0
#include "ui/message.h"

#include <QObject>

namespace ui {

namespace {

/// What to do where the error's own sentence does not say it.
QString adviceFor(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::DiskFull:
        return QObject::tr("Make room on this disk and try again. Nothing is half written.");
    case base::ErrorCode::ReadOnly: return QObject::tr("Copy the service to a folder that may be written.");
    case base::ErrorCode::OutOfMemory: return QObject::tr("Close other programs, or use a smaller batch.");
    case base::ErrorCode::Internal: return QObject::tr("This is a defect of Stillroom. Your rows are kept.");
    default: return {};
    }
}

/// Whether what went wrong goes on being wrong until somebody has read of it. The others are answers to what was done
/// just now.
bool lasts(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::DiskFull:
    case base::ErrorCode::ReadOnly:
    case base::ErrorCode::OutOfMemory:
    case base::ErrorCode::Internal:
    case base::ErrorCode::Io:
    case base::ErrorCode::Corrupt:
    case base::ErrorCode::Unsupported: return true;
    default: return false;
    }
}

}  // namespace

Message errorMessage(const base::Error &error)
{
    // The first sentence is the cause; what follows it stays plain.
    QString text = QString::fromStdString(error.message);
    const auto end = text.indexOf(QStringLiteral(". "));
    Message message;
    message.state = error.code == base::ErrorCode::Blocked ? Message::State::Warning : Message::State::Danger;
    message.cause = end < 0 ? text : text.left(end + 1);
    message.follows = end < 0 ? QString() : text.mid(end + 2);
    if (const QString advice = adviceFor(error.code); !advice.isEmpty() && message.follows.isEmpty())
        message.follows = advice;
    if (!error.subject.empty() && error.code != base::ErrorCode::Blocked) {
        const QString subject = QString::fromStdString(error.subject);
        message.follows +=
            (message.follows.isEmpty() ? QString() : QStringLiteral(" ")) + QStringLiteral("(%1)").arg(subject);
    }
    message.stays = lasts(error.code);
    message.details = QStringLiteral("%1: %2").arg(QLatin1String(base::name(error.code)), text);
    return message;
}

}  // namespace ui
