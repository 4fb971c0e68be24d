// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/http_client.h"

#include "core/network/proxy_choice.h"
#include "core/network/trusted_authorities.h"

#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>
#include <QUrl>
#include <algorithm>
#include <cstring>

using std::chrono::milliseconds;

namespace core {

namespace {

constexpr ptrdiff_t ConnectionsEach = 6;  ///< of a QNetworkAccessManager to one host
constexpr qint64 LargestAnswer = 8 << 20;

/// A server without encryption that is asked for it.
constexpr const char *PlainHint = " If the server has no encryption, its address begins with http://.";

/// A body that can be read once. Qt sends a POST again by itself when a kept connection turns out to be closed; it
/// cannot where the body does not rewind (QTBUG-64132).
class OneWayBody final : public QIODevice {
public:
    explicit OneWayBody(const std::string &bytes) : m_bytes(bytes)
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }

    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] bool atEnd() const override { return m_place == m_bytes.size() && QIODevice::atEnd(); }
    [[nodiscard]] qint64 bytesAvailable() const override
    {
        return static_cast<qint64>(m_bytes.size() - m_place) + QIODevice::bytesAvailable();
    }
    bool reset() override { return false; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        if (m_place == m_bytes.size())
            return -1;
        const size_t size = std::min(static_cast<size_t>(most), m_bytes.size() - m_place);
        std::memcpy(data, m_bytes.data() + m_place, size);
        m_place += size;
        return static_cast<qint64>(size);
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::string m_bytes;
    size_t m_place = 0;
};

}  // namespace

class HttpClient::Exchange final : public QObject {
public:
    /// Without a body it is a GET.
    Exchange(HttpClient &client, QNetworkAccessManager &manager, const QNetworkRequest &request,
             const std::string *body, const base::Result<ProxyChoice> &proxy, Done done)
        : QObject(&client), m_client(client), m_done(std::move(done)), m_host(request.url().host().toStdString()),
          m_isSecure(request.url().scheme().compare(QLatin1String("https"), Qt::CaseInsensitive) == 0)
    {
        if (proxy)
            m_proxy = *proxy;
        for (auto *timer : {&m_phase, &m_whole})
            timer->setSingleShot(true);
        if (!proxy) {  // nothing is sent around a proxy that was meant
            m_reply.reset(manager.get(QNetworkRequest(QUrl(QStringLiteral("data:,")))));
        } else if (body) {
            // It goes with the reply, which may still read of it when this exchange has ended.
            auto device = std::make_unique<OneWayBody>(*body);
            m_reply.reset(manager.post(request, device.get()));
            device.release()->setParent(m_reply.get());
        } else {
            m_reply.reset(manager.get(request));
        }
        const HttpTimeouts &timeouts = client.m_timeouts;
        m_phase.start(timeouts.connect);
        m_whole.start(timeouts.whole);
        m_late = "The teacher cannot be reached: no " + std::string(m_isSecure ? "encrypted " : "") +
                 "connection within " + seconds(timeouts.connect) +
                 (m_proxy.name.empty()
                      ? ". Check the address and the network." + std::string(m_isSecure ? PlainHint : "")
                      : " over " + theProxy() + ". Check " + m_proxy.source + ", the address and the network.");
        connect(m_reply.get(), &QNetworkReply::sslErrors, this,
                [this](const QList<QSslError> &errors) { m_certificate = certificateTrouble(errors, m_host); });
        if (!proxy) {
            m_answer.failure = proxy.error().message;
            m_answer.isLasting = true;
            QTimer::singleShot(0, this, [this] { end(); });
            return;
        }
        connect(m_reply.get(), &QNetworkReply::requestSent, this, [this, &timeouts] {
            m_late = "The teacher did not begin to answer within " + seconds(timeouts.firstByte) + ".";
            m_phase.start(timeouts.firstByte);
        });
        connect(m_reply.get(), &QNetworkReply::readyRead, this, [this, &timeouts] {
            m_late = "The teacher's answer stopped for " + seconds(timeouts.silence) + ".";
            m_phase.start(timeouts.silence);
            take();
        });
        connect(&m_phase, &QTimer::timeout, this, [this] { giveUp(m_late); });
        connect(&m_whole, &QTimer::timeout, this, [this, &timeouts] {
            giveUp("The teacher's answer was not whole after " + seconds(timeouts.whole) + ".");
        });
        connect(m_reply.get(), &QNetworkReply::finished, this, &Exchange::finished);
    }
    ~Exchange() override
    {
        m_reply->disconnect(this);
        m_reply->abort();
        m_reply.release()->deleteLater();
    }

private:
    static std::string seconds(milliseconds time)
    {
        const auto text = time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                                   : std::to_string(time.count()) + " ms";
        return text;
    }

    void take()
    {
        m_answer.body += m_reply->readAll().toStdString();
        if (static_cast<qint64>(m_answer.body.size()) > LargestAnswer)
            giveUp("The teacher's answer is larger than 8 MB, so it was given up.");
    }

    void giveUp(const std::string &why)
    {
        m_answer.failure = why;
        end();
    }

    void finished()
    {
        take();
        m_answer.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        for (const auto &[name, value] : m_reply->rawHeaderPairs())
            m_answer.headers.emplace_back(name.toStdString(), value.toStdString());
        m_answer.location =
            m_reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl().host().toStdString();
        const auto error = m_reply->error();
        const bool isAnswered = m_answer.status > 0;
        // A refusal is an answer, whatever Qt calls it.
        const bool isCut = m_answer.status < 300 && error != QNetworkReply::NoError;
        // Of several connections to a server, Qt may say of the first alone what is wrong with its certificate.
        if (!m_certificate.empty())
            m_client.m_certificate = m_certificate;
        else if (error == QNetworkReply::SslHandshakeFailedError)
            m_certificate = !m_client.m_certificate.empty() ? m_client.m_certificate : certificateWords();
        if (!m_certificate.empty()) {
            m_answer.failure = m_certificate;
            m_answer.isLasting = true;
        } else if (!m_proxy.name.empty() && (m_answer.status == 407 || (isCut && !isAnswered && !isOfTls(error)))) {
            m_answer.failure = proxyTrouble(ofProxy(error));
            m_answer.isLasting = m_answer.status == 407 || error == QNetworkReply::ProxyAuthenticationRequiredError ||
                                 error == QNetworkReply::ContentAccessDenied;
        } else if (isCut) {
            m_answer.failure = isAnswered ? "The teacher's answer was cut off."
                                          : "The teacher cannot be reached: " + reason(error) +
                                                " Check the address and the network." + plainHint(error);
            m_answer.isLasting = error == QNetworkReply::ProtocolUnknownError;
        }
        end();
    }

    /// Of a proxy that refuses or is not there, Qt 6.4 makes an unknown error with words of its own.
    [[nodiscard]] QNetworkReply::NetworkError ofProxy(QNetworkReply::NetworkError error) const
    {
        if (m_answer.status == 407)
            return QNetworkReply::ProxyAuthenticationRequiredError;
        const QString words = m_reply->errorString();
        if (error != QNetworkReply::UnknownNetworkError)
            return error;
        return words.contains(QLatin1String("refused"), Qt::CaseInsensitive)
                   ? QNetworkReply::ProxyConnectionRefusedError
               : words.contains(QLatin1String("not found"), Qt::CaseInsensitive) ? QNetworkReply::ProxyNotFoundError
               : words.contains(QLatin1String("timed out"), Qt::CaseInsensitive) ? QNetworkReply::ProxyTimeoutError
                                                                                 : error;
    }

    /// OpenSSL's own words for what is wrong with a certificate, which name no address; empty: it is something else.
    [[nodiscard]] std::string certificateWords() const
    {
        const QString words = m_reply->errorString().section(QStringLiteral(": "), 1).left(200);
        const bool isOne = words.contains(QLatin1String("certificate")) || words.contains(QLatin1String("host name"));
        return isOne ? "The certificate of " + m_host + " is not accepted (" + words.toStdString() +
                           "). Nothing was sent. Whoever runs the service has to correct that."
                     : std::string();
    }

    [[nodiscard]] std::string theProxy() const { return "the proxy " + m_proxy.name; }

    static bool isOfTls(QNetworkReply::NetworkError error)
    {
        return error == QNetworkReply::SslHandshakeFailedError || error == QNetworkReply::ProtocolUnknownError;
    }

    /// Of a server that was asked for https, a connection that breaks before an answer.
    [[nodiscard]] std::string plainHint(QNetworkReply::NetworkError error) const
    {
        const bool isOne = m_isSecure && (error == QNetworkReply::SslHandshakeFailedError ||
                                          error == QNetworkReply::RemoteHostClosedError);
        return isOne ? PlainHint : "";
    }

    [[nodiscard]] std::string proxyTrouble(QNetworkReply::NetworkError error) const
    {
        const std::string check = " Check " + m_proxy.source + ".";
        switch (error) {
        case QNetworkReply::ProxyConnectionRefusedError:
        case QNetworkReply::ConnectionRefusedError:
            return "The teacher cannot be reached: " + theProxy() +
                   " does not let it through, or nothing listens there." + check;
        case QNetworkReply::ProxyNotFoundError:
            return "The teacher cannot be reached: there is no machine of the name " +
                   m_proxy.name.substr(0, m_proxy.name.rfind(':')) + ", which is to be the proxy." + check;
        case QNetworkReply::ProxyTimeoutError:
            return "The teacher cannot be reached: " + theProxy() + " does not answer." + check;
        case QNetworkReply::ContentReSendError:  // it asked again after the name and password
        case QNetworkReply::ProxyAuthenticationRequiredError:
            return m_proxy.proxy.user().isEmpty()
                       ? "The teacher cannot be reached: " + theProxy() +
                             " wants a name and a password. Put them into " + m_proxy.source +
                             ", before its name: http://NAME:PASSWORD@" + m_proxy.name + "."
                       : "The teacher cannot be reached: " + theProxy() + " does not accept the name and password in " +
                             m_proxy.source + ".";
        default:
            return "The teacher cannot be reached: " + theProxy() + " does not let the connection to " + m_host +
                   " through, or cannot make it. Ask whoever runs it, or leave the host out in NO_PROXY if it is in "
                   "your own network." +
                   check;
        }
    }

    /// Qt's own words may hold the whole address.
    static std::string reason(QNetworkReply::NetworkError error)
    {
        switch (error) {
        case QNetworkReply::ConnectionRefusedError: return "nothing listens there.";
        case QNetworkReply::HostNotFoundError: return "there is no machine of this name.";
        case QNetworkReply::RemoteHostClosedError: return "it closed the connection.";
        case QNetworkReply::SslHandshakeFailedError: return "no encrypted connection came about.";
        default: return "the connection failed.";
        }
    }

    void end()
    {
        m_phase.stop();
        m_whole.stop();
        m_reply->disconnect(this);
        m_client.finish(this);
    }

    friend class HttpClient;
    HttpClient &m_client;
    Done m_done;
    std::unique_ptr<QNetworkReply> m_reply;
    QTimer m_phase, m_whole;
    const std::string m_host;
    const bool m_isSecure;
    ProxyChoice m_proxy;
    std::string m_certificate;  ///< what is wrong with it
    std::string m_late;
    HttpAnswer m_answer;
};

HttpClient::HttpClient(HttpTimeouts timeouts, QObject *parent) : QObject(parent), m_timeouts(timeouts) { }

HttpClient::~HttpClient()
{
    cancelAll();
    // Those that ended and wait for the event loop, before the managers that their replies belong to.
    while (!children().isEmpty())
        delete children().front();
}

/// The one with the fewest requests under way; another one where each has as many as it opens connections.
QNetworkAccessManager &HttpClient::manager()
{
    const auto underWay = [this](const QNetworkAccessManager *manager) {
        return std::ranges::count_if(m_exchanges,
                                     [&](const auto &exchange) { return exchange->m_reply->manager() == manager; });
    };
    const auto least = std::ranges::min_element(m_managers, {}, [&](const auto &each) { return underWay(each.get()); });
    if (least != m_managers.end() && underWay(least->get()) < ConnectionsEach)
        return **least;
    m_managers.push_back(std::make_unique<QNetworkAccessManager>());
    m_managers.back()->setProxyFactory(new ProxyFactory);  // it is the manager's
    m_managers.back()->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    return *m_managers.back();
}

void HttpClient::post(const std::string &url, const HttpHeaders &headers, const std::string &body, Done done)
{
    begin(url, headers, &body, std::move(done));
}

void HttpClient::get(const std::string &url, const HttpHeaders &headers, Done done)
{
    begin(url, headers, nullptr, std::move(done));
}

void HttpClient::begin(const std::string &url, const HttpHeaders &headers, const std::string *body, Done done)
{
    QNetworkRequest request(QUrl(QString::fromStdString(url), QUrl::StrictMode));
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    if (body)
        request.setHeader(QNetworkRequest::ContentLengthHeader, static_cast<qlonglong>(body->size()));
    request.setRawHeader("User-Agent", "stillroom/" STILLROOM_VERSION);
    for (const auto &[name, value] : headers)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    trustAuthorities(request);
    const auto proxy = proxyFor(request.url());
    // A body that can be read once cannot be sent again after the proxy has asked who it is.
    const bool isSecure = request.url().scheme().compare(QLatin1String("https"), Qt::CaseInsensitive) == 0;
    if (proxy && !isSecure && proxy->proxy.type() == QNetworkProxy::HttpProxy && !proxy->proxy.user().isEmpty())
        request.setRawHeader(
            "Proxy-Authorization",
            "Basic " + (proxy->proxy.user() + QLatin1Char(':') + proxy->proxy.password()).toUtf8().toBase64());
    auto exchange = std::make_unique<Exchange>(*this, manager(), request, body, proxy, std::move(done));
    m_exchanges.push_back(std::move(exchange));
}

void HttpClient::finish(Exchange *exchange)
{
    const auto found =
        std::find_if(m_exchanges.begin(), m_exchanges.end(), [&](const auto &e) { return e.get() == exchange; });
    if (found == m_exchanges.end())
        return;
    // It is in the middle of one of its own functions.
    auto ended = found->release();
    m_exchanges.erase(found);
    ended->deleteLater();
    auto done = std::move(ended->m_done);
    done(std::move(ended->m_answer));
}

void HttpClient::cancelAll()
{
    m_exchanges.clear();
}

}  // namespace core
