// SPDX-License-Identifier: Apache-2.0
// A request and its answer: sent once at most, whatever the network does.
#pragma once

#include "core/teacher/chat.h"

#include <QObject>
#include <chrono>
#include <functional>
#include <memory>

class QNetworkAccessManager;
class QNetworkReply;

namespace core {

struct HttpTimeouts {
    std::chrono::milliseconds connect{5'000};     ///< until the request is sent: names, TCP, TLS
    std::chrono::milliseconds firstByte{60'000};  ///< a local teacher that loads needs more
    std::chrono::milliseconds silence{30'000};    ///< between bytes
    std::chrono::milliseconds whole{600'000};
};

/// Lives on a thread with an event loop. Certificates are always verified; redirects are never followed; proxies and
/// authorities: see core/network.
class HttpClient final : public QObject {
    Q_OBJECT
public:
    explicit HttpClient(HttpTimeouts timeouts = {}, QObject *parent = nullptr);
    ~HttpClient() override;

    using Done = std::function<void(HttpAnswer)>;
    /// `done` is called once, later, on this thread; never after cancelAll or the end of this object.
    void post(const std::string &url, const HttpHeaders &headers, const std::string &body, Done done);
    void get(const std::string &url, const HttpHeaders &headers, Done done);
    void cancelAll();
    [[nodiscard]] size_t underWay() const { return m_exchanges.size(); }

private:
    class Exchange;
    void begin(const std::string &url, const HttpHeaders &headers, const std::string *body, Done done);
    void finish(Exchange *exchange);
    [[nodiscard]] QNetworkAccessManager &manager();

    HttpTimeouts m_timeouts;
    std::string m_certificate{};  ///< what is wrong with the server's, once that is known
    std::vector<std::unique_ptr<QNetworkAccessManager>> m_managers;  ///< each opens six connections to a host
    std::vector<std::unique_ptr<Exchange>> m_exchanges;
};

}  // namespace core
