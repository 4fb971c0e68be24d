// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/ask_once.h"

#include <QEventLoop>
#include <QTimer>

namespace core {

namespace {

/// Lets `send` begin a request, and waits for what comes of it.
base::Result<HttpAnswer> onAnswer(const HttpTimeouts &timeouts, const base::WorkContext &context,
                                  const std::function<void(HttpClient &, HttpClient::Done)> &send)
{
    QEventLoop loop;
    HttpClient client(timeouts);
    std::optional<HttpAnswer> came;
    send(client, [&](HttpAnswer answer) {
        came = std::move(answer);
        loop.quit();
    });
    const std::stop_callback quit(
        context.stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
    if (!came && !context.stopRequested())
        loop.exec();
    if (!came)
        return base::cancelled();
    return std::move(*came);
}

}  // namespace

base::Result<ChatOutcome> askOnce(const ChatEndpoint &endpoint, const ChatQuestion &question,
                                  const HttpTimeouts &timeouts, const base::WorkContext &context)
{
    auto answer = TRY(onAnswer(timeouts, context, [&](HttpClient &client, HttpClient::Done done) {
        client.post(endpoint.url(), endpoint.headers(), chatBody(endpoint, question), std::move(done));
    }));
    return readChatAnswer(endpoint, answer, std::chrono::system_clock::now());
}

base::Result<HttpAnswer> getOnce(const std::string &url, const HttpHeaders &headers, const HttpTimeouts &timeouts,
                                 const base::WorkContext &context)
{
    return onAnswer(timeouts, context,
                    [&](HttpClient &client, HttpClient::Done done) { client.get(url, headers, std::move(done)); });
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
