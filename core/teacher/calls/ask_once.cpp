// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/ask_once.h"

#include <QEventLoop>
#include <QTimer>

namespace core {

base::Result<ChatOutcome> askOnce(const ChatEndpoint &endpoint, const ChatQuestion &question,
                                  const HttpTimeouts &timeouts, const base::WorkContext &context)
{
    QEventLoop loop;
    HttpPoster poster(timeouts);
    std::optional<ChatOutcome> outcome;
    poster.post(endpoint.url(), endpoint.headers(), chatBody(endpoint, question), [&](HttpAnswer answer) {
        outcome = readChatAnswer(endpoint, answer, std::chrono::system_clock::now());
        loop.quit();
    });
    const std::stop_callback quit(
        context.stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
    if (!outcome && !context.stopRequested())
        loop.exec();
    if (!outcome)
        return base::cancelled();
    return std::move(*outcome);
}

base::Result<void> pause(std::chrono::milliseconds time, const base::WorkContext &context)
{
    QEventLoop loop;
    const std::stop_callback quit(
        context.stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    if (!context.stopRequested())
        loop.exec();
    return context.stopRequested() ? base::Result<void>(base::cancelled()) : base::Result<void>();
}

}  // namespace core
