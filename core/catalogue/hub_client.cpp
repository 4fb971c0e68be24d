// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/hub_client.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/network/proxy_choice.h"
#include "core/network/trusted_authorities.h"

#include <QEventLoop>
#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>

using base::ErrorCode;
using base::failure;
using base::Result;
using std::chrono::milliseconds;

namespace core {

namespace {

constexpr int MostRedirects = 8;
constexpr int64_t LargestText = 32 << 20;
/// A hub that wants more patience than this is said so instead.
constexpr milliseconds LongestRetryAfter{120'000};

/// What one request came to. No error: the bytes are all there.
struct Attempt {
    std::optional<base::Error> error;
    bool isTransient = false;  ///< trying again may help
    milliseconds wait{0};      ///< asked for by the hub
    QUrl redirect;
};

Attempt lasting(ErrorCode code, std::string message, const QUrl &url)
{
    // The host alone: addresses behind redirects carry signatures.
    return {base::Error{code, std::move(message), url.host().toStdString()}, false, {}, {}};
}

Attempt passing(std::string message, const QUrl &url)
{
    return {base::Error{ErrorCode::Io, std::move(message), url.host().toStdString()}, true, {}, {}};
}

/// Runs until `stop` or until something quits it.
void runLoop(QEventLoop &loop, const std::stop_token &stop)
{
    const std::stop_callback quit(
        stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
    if (!stop.stop_requested())
        loop.exec();
}

void pause(milliseconds time, const std::stop_token &stop)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    runLoop(loop, stop);
}

bool isPrivate(const QHostAddress &given)
{
    bool isMapped = false;
    const quint32 inside = given.toIPv4Address(&isMapped);  // also of ::ffff:10.0.0.1
    const QHostAddress address = isMapped ? QHostAddress(inside) : given;
    static const auto nets = [] {
        std::vector<QPair<QHostAddress, int>> list;
        for (const char *net : {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12",
                                "192.168.0.0/16", "fc00::/7", "fe80::/10"})
            list.push_back(QHostAddress::parseSubnet(QString::fromLatin1(net)));
        return list;
    }();
    return address.isLoopback() ||
           std::ranges::any_of(nets, [&](const auto &net) { return address.isInSubnet(net.first, net.second); });
}

bool isPrivateHost(const QString &host)
{
    const QList<QHostAddress> addresses = QHostInfo::fromName(host).addresses();
    return std::any_of(addresses.begin(), addresses.end(), isPrivate);
}

/// Seconds, or a date (RFC 9110, 10.2.3); 0 for anything else.
milliseconds retryAfter(const QNetworkReply &reply)
{
    const QByteArray value = reply.rawHeader("Retry-After").trimmed();
    bool isNumber = false;
    const qint64 seconds = value.toLongLong(&isNumber);
    if (isNumber)
        return seconds > 0 && seconds < 86'400 ? milliseconds(seconds * 1000) : milliseconds(0);
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(value), Qt::RFC2822Date);
    return date.isValid() ? std::max(milliseconds(QDateTime::currentDateTimeUtc().msecsTo(date)), milliseconds(0))
                          : milliseconds(0);
}

Attempt refusal(int status, const QNetworkReply &reply, const HubAccess &access)
{
    const QUrl url = reply.url();
    const std::string said = " (it answered " + std::to_string(status) + ")";
    if (status == 401 || status == 403)
        return lasting(ErrorCode::InvalidInput,
                       access.token.empty()
                           ? "The hub does not give these weights to everybody" + said +
                                 ". If their owner asks for it, accept their licence on the hub's page and give a "
                                 "token (HF_TOKEN)."
                           : "The hub does not accept the token for these weights" + said +
                                 ". Check the token, and whether their licence was accepted on the hub's page.",
                       url);
    if (status == 404 || status == 410)
        return lasting(ErrorCode::NotFound, "The hub has nothing of this name" + said + ". Check name and revision.",
                       url);
    if (status == 408 || status == 429 || status >= 500) {
        const milliseconds wait = retryAfter(reply);
        if (wait > LongestRetryAfter)
            return lasting(ErrorCode::Busy,
                           "The hub asks to come back in " + std::to_string(wait.count() / 60'000 + 1) + " minutes" +
                               said + ". What was fetched is kept; fetch again then.",
                           url);
        Attempt attempt =
            passing("The hub is busy or broken" + said + ". What was fetched is kept; try again later.", url);
        attempt.wait = wait;
        return attempt;
    }
    return lasting(ErrorCode::Io, "The hub refused the request" + said + ". Check the hub's address.", url);
}

/// "bytes 100-199/200"
struct ContentRange {
    int64_t first = -1;
    int64_t total = -1;
};

ContentRange contentRange(const QNetworkReply &reply)
{
    const QByteArray value = reply.rawHeader("Content-Range");
    ContentRange range;
    bool firstIs = false, totalIs = false;
    if (const auto dash = value.indexOf('-'); value.startsWith("bytes ") && dash > 6)
        range.first = value.mid(6, dash - 6).toLongLong(&firstIs);
    if (const auto slash = value.indexOf('/'); slash >= 0)
        range.total = value.mid(slash + 1).toLongLong(&totalIs);
    return {firstIs ? range.first : -1, totalIs ? range.total : -1};
}

/// One request for one file, and where its bytes go.
class Transfer {
public:
    Transfer(const HubAccess &access, HubSink &sink, int64_t bytes, int64_t limit)
        : m_access(access), m_hub(QString::fromStdString(access.address)), m_sink(sink), m_bytes(bytes), m_limit(limit)
    {
        m_manager.setProxyFactory(new ProxyFactory);  // it is the manager's
    }

    Attempt run(const QUrl &url, const std::stop_token &stop)
    {
        m_failed.reset();
        m_begun = false;
        m_reply.reset(m_manager.get(request(url)));
        m_reply->setReadBufferSize(4 << 20);  // a slow disk slows the sender down, not our memory up
        QEventLoop loop;
        QTimer stall;
        stall.setSingleShot(true);
        stall.start(m_access.stall);
        bool stalled = false;
        QObject::connect(&stall, &QTimer::timeout, &loop, [&] {
            stalled = true;
            loop.quit();
        });
        QObject::connect(m_reply.get(), &QNetworkReply::readyRead, &loop, [&] {
            stall.start(m_access.stall);
            if (!takeBytes())
                loop.quit();
        });
        QObject::connect(m_reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        if (!m_reply->isFinished())
            runLoop(loop, stop);
        if (!m_failed && !stop.stop_requested())
            takeBytes();
        const Attempt attempt = outcome(stalled);
        m_reply->abort();
        return attempt;
    }

private:
    QNetworkRequest request(const QUrl &url) const
    {
        QNetworkRequest request(url);
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        request.setRawHeader("User-Agent", "stillroom/" STILLROOM_VERSION);
        request.setRawHeader("Accept-Encoding", "identity");  // sizes and sums are of the file as it is
        if (m_sink.size() > 0)
            request.setRawHeader("Range", "bytes=" + QByteArray::number(qint64{m_sink.size()}) + "-");
        trustAuthorities(request);
        const bool isSafe = url.scheme() == QLatin1String("https") || QHostAddress(url.host()).isLoopback();
        if (!m_access.token.empty() && isSafe && url.host() == m_hub.host() && url.port() == m_hub.port() &&
            url.scheme() == m_hub.scheme())
            request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_access.token));
        return request;
    }

    [[nodiscard]] int status() const { return m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); }

    bool fail(Attempt attempt)
    {
        m_failed = std::move(attempt);
        return false;
    }

    bool startOver()
    {
        auto restarted = m_sink.restart();
        return restarted || fail({restarted.error(), false, {}, {}});
    }

    /// Before the first byte: do they go on from where the sink stands?
    bool begin()
    {
        m_begun = true;
        const QByteArray tag = m_reply->rawHeader("ETag");
        const bool otherState = !m_tag.isEmpty() && !tag.isEmpty() && tag != m_tag;
        m_tag = tag;
        if (status() == 200)
            return m_sink.size() == 0 || startOver();
        const ContentRange range = contentRange(*m_reply);
        const bool fits = range.first == m_sink.size() && (m_bytes < 0 || range.total < 0 || range.total == m_bytes);
        if (fits && !otherState)
            return true;
        return startOver() &&
               fail(passing("The hub changed the file while it was fetched. Try again.", m_reply->url()));
    }

    bool takeBytes()
    {
        if (status() != 200 && status() != 206)
            return true;
        if (!m_begun && !begin())
            return false;
        QByteArray bytes = m_reply->readAll();
        const qint64 room = (m_bytes >= 0 ? m_bytes : m_limit) - m_sink.size();
        const bool isTooLong = bytes.size() > room;
        bytes.truncate(room);
        // Nothing may be thrown through an event loop.
        auto written = base::guard({}, [&] {
            return m_sink.append({bytes.data(), static_cast<size_t>(bytes.size())});
        });
        if (!written)
            return fail({written.error(), false, {}, {}});
        return !isTooLong || fail(lasting(ErrorCode::Corrupt,
                                          "The hub sent more than it had announced, so this is not the file. A proxy "
                                          "or a login page may have answered.",
                                          m_reply->url()));
    }

    [[nodiscard]] Attempt outcome(bool stalled)
    {
        const QUrl url = m_reply->url();
        if (m_failed)
            return *m_failed;
        if (stalled)
            return passing("The hub sent nothing for a while. Check the network; what was fetched is kept.", url);
        const int code = status();
        if (code >= 300 && code < 400 && code != 304) {
            Attempt attempt;
            attempt.redirect = url.resolved(QUrl::fromEncoded(m_reply->rawHeader("Location")));
            return attempt;
        }
        if (code == 416) {
            if (!startOver())
                return *m_failed;
            return passing("The hub has less of the file than is here. Try again.", url);
        }
        if (code != 0 && code != 200 && code != 206)
            return refusal(code, *m_reply, m_access);
        if (m_reply->error() == QNetworkReply::SslHandshakeFailedError)
            return lasting(ErrorCode::Io,
                           "The hub's certificate is not valid, so nothing was fetched from it. Check the clock and "
                           "the hub's address.",
                           url);
        if (m_reply->error() != QNetworkReply::NoError || code == 0)
            return passing("The hub could not be reached, or the connection broke. Check the network and the hub's "
                           "address; what was fetched is kept.",
                           url);
        if (m_bytes >= 0 && m_sink.size() < m_bytes)
            return passing("The connection ended too early. Try again; what was fetched is kept.", url);
        return {};
    }

    struct Later {
        void operator()(QNetworkReply *reply) const { reply->deleteLater(); }
    };

    const HubAccess &m_access;
    QUrl m_hub;
    HubSink &m_sink;
    int64_t m_bytes, m_limit;
    QNetworkAccessManager m_manager;
    std::unique_ptr<QNetworkReply, Later> m_reply;
    QByteArray m_tag;  ///< of the state that the sink holds
    bool m_begun = false;
    std::optional<Attempt> m_failed;
};

/// Waits of many clients should not end together.
milliseconds jittered(milliseconds wait)
{
    static thread_local std::minstd_rand random{std::random_device{}()};
    return milliseconds(wait.count() / 2 + static_cast<int64_t>(random()) % (wait.count() / 2 + 1));
}

class TextSink final : public HubSink {
public:
    [[nodiscard]] int64_t size() const override { return static_cast<int64_t>(m_text.size()); }
    [[nodiscard]] Result<void> append(std::string_view bytes) override
    {
        m_text += bytes;
        return {};
    }
    [[nodiscard]] Result<void> restart() override
    {
        m_text.clear();
        return {};
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    std::string m_text;
};

std::string firstLine(const std::filesystem::path &file)
{
    const auto text = base::readFile(file, 1 << 16);
    return text ? text->substr(0, text->find_first_of("\r\n")) : std::string();
}

}  // namespace

HubAccess HubAccess::fromEnvironment()
{
    HubAccess access;
    if (const char *address = std::getenv("HF_ENDPOINT"); address && *address)
        access.address = address;
    while (access.address.ends_with('/'))
        access.address.pop_back();
    const char *home = std::getenv("HOME");
    const char *hub = std::getenv("HF_HOME");
    if (const char *token = std::getenv("HF_TOKEN"); token && *token)
        access.token = token;
    else
        access.token = firstLine(
            (hub ? std::filesystem::path(hub) : std::filesystem::path(home ? home : "/") / ".cache/huggingface") /
            "token");
    return access;
}

Result<void> checkRedirect(const std::string &from, const std::string &to, const std::string &hub)
{
    const QUrl source(QString::fromStdString(from)), target(QString::fromStdString(to));
    const QString hubHost = QUrl(QString::fromStdString(hub)).host();
    const auto refused = [&](const char *why) {
        return failure(ErrorCode::Io,
                       std::string("The hub sent the download ") + why + ", which is refused. Check the hub's address.",
                       target.host().toStdString());
    };
    const bool isSecure = target.scheme() == QLatin1String("https");
    if ((!isSecure && target.scheme() != QLatin1String("http")) || target.host().isEmpty())
        return refused("to an address that is none");
    if (source.scheme() == QLatin1String("https") && !isSecure)
        return refused("out of the encryption (from https to http)");
    if (target.host() != hubHost && isPrivateHost(target.host()) && !isPrivateHost(hubHost))
        return refused("to a machine of this network");
    return {};
}

Result<void> HubClient::get(const std::string &path, HubSink &sink, int64_t bytes, int64_t limit,
                            const std::stop_token &stop) const
{
    const QUrl hub(QString::fromStdString(m_access.address), QUrl::StrictMode);
    if (!hub.isValid() || hub.host().isEmpty() || !hub.scheme().startsWith(QLatin1String("http")))
        return failure(ErrorCode::InvalidInput, "The hub's address is none. It must look like https://huggingface.co.",
                       m_access.address);
    if (bytes >= 0 && sink.size() > bytes) {
        TRY(sink.restart());
    }
    Transfer transfer(m_access, sink, bytes, limit);
    const QUrl first(QString::fromStdString(m_access.address + path));
    QUrl url = first;
    int redirects = 0, failures = 0;
    while (bytes < 0 || sink.size() < bytes || bytes == 0) {
        const int64_t before = sink.size();
        Attempt attempt = transfer.run(url, stop);
        if (stop.stop_requested())
            return base::cancelled();
        if (!attempt.redirect.isEmpty()) {
            if (auto allowed = checkRedirect(url.toString().toStdString(), attempt.redirect.toString().toStdString(),
                                             m_access.address);
                !allowed)
                return allowed;
            if (++redirects > MostRedirects)
                return failure(ErrorCode::Io, "The hub sends the download in circles. Check its address.",
                               hub.host().toStdString());
            url = attempt.redirect;
            continue;
        }
        if (!attempt.error)
            return {};
        if (sink.size() > before)
            failures = 0;
        if (!attempt.isTransient || ++failures >= m_access.tries)
            return base::Failure(*attempt.error);
        const auto doubled = m_access.firstWait * (1 << std::min(failures - 1, 16));
        pause(attempt.wait.count() > 0 ? attempt.wait : jittered(std::min<milliseconds>(doubled, m_access.longestWait)),
              stop);
        if (stop.stop_requested())
            return base::cancelled();
        url = first;  // signed addresses grow old
        redirects = 0;
    }
    return {};
}

Result<std::string> HubClient::text(const std::string &path, const std::stop_token &stop) const
{
    TextSink sink;
    TRY(get(path, sink, -1, LargestText, stop));
    return sink.take();
}

}  // namespace core
