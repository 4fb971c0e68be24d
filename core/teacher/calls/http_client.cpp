// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/http_client.h"

#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkProxyFactory>
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
             const std::string *body, Done done)
        : QObject(&client), m_client(client), m_done(std::move(done)), m_body(body ? *body : std::string())
    {
        for (auto *timer : {&m_phase, &m_whole})
            timer->setSingleShot(true);
        m_reply.reset(body ? manager.post(request, &m_body) : manager.get(request));
        const HttpTimeouts &timeouts = client.m_timeouts;
        m_phase.start(timeouts.connect);
        m_whole.start(timeouts.whole);
        m_late = "The teacher cannot be reached: no connection within " + seconds(timeouts.connect) +
                 ". Check the address and the network.";
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
        const QString certificate = certificateTrouble();
        // A refusal is an answer, whatever Qt calls it.
        const bool isCut = m_answer.status < 300 && error != QNetworkReply::NoError;
        if (!certificate.isEmpty()) {
            m_answer.failure = "The teacher's certificate is not accepted (" + certificate.toStdString() +
                               "). Nothing was sent. Whoever runs it has to mend that.";
            m_answer.isLasting = true;
        } else if (isCut) {
            m_answer.failure =
                isAnswered ? "The teacher's answer was cut off."
                           : "The teacher cannot be reached: " + reason(error) + " Check the address and the network.";
            m_answer.isLasting = error == QNetworkReply::ProtocolUnknownError;
        }
        end();
    }

    /// What is wrong with it, in OpenSSL's words, which name no address.
    [[nodiscard]] QString certificateTrouble() const
    {
        const QString words = m_reply->errorString().section(QStringLiteral(": "), 1);
        const bool isOne =
            m_reply->error() == QNetworkReply::SslHandshakeFailedError &&
            (words.contains(QStringLiteral("certificate")) || words.contains(QStringLiteral("host name")));
        return isOne ? words.left(200) : QString();
    }

    /// Qt's own words may hold the whole address.
    static std::string reason(QNetworkReply::NetworkError error)
    {
        switch (error) {
        case QNetworkReply::ConnectionRefusedError: return "nothing listens there.";
        case QNetworkReply::HostNotFoundError: return "there is no machine of this name.";
        case QNetworkReply::RemoteHostClosedError: return "it closed the connection.";
        case QNetworkReply::SslHandshakeFailedError: return "no encrypted connection came about.";
        case QNetworkReply::ProxyConnectionRefusedError:
        case QNetworkReply::ProxyNotFoundError:
        case QNetworkReply::ProxyTimeoutError:
        case QNetworkReply::ProxyAuthenticationRequiredError: return "the proxy does not let it through.";
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
    OneWayBody m_body;
    std::unique_ptr<QNetworkReply> m_reply;
    QTimer m_phase, m_whole;
    std::string m_late;
    HttpAnswer m_answer;
};

HttpClient::HttpClient(HttpTimeouts timeouts, QObject *parent) : QObject(parent), m_timeouts(timeouts)
{
    QNetworkProxyFactory::setUseSystemConfiguration(true);
}

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
    auto exchange = std::make_unique<Exchange>(*this, manager(), request, body, std::move(done));
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
