// SPDX-License-Identifier: Apache-2.0
#include "core/network/proxy_choice.h"

#include "core/base/lowered.h"
#include "core/base/trimmed.h"

#include <QHostAddress>
#include <cstdlib>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int UsualHttpProxyPort = 8080;
constexpr int UsualSocksPort = 1080;

struct Variable {
    std::string name, value;
};

/// In small letters, else in capitals; an empty one is not set.
Variable variableOf(const char *lower, const char *upper)
{
    for (const char *name : {lower, upper}) {
        const char *value = std::getenv(name);
        if (value && !base::trimmed(value).empty())
            return {name, std::string(base::trimmed(value))};
    }
    return {};
}

base::Failure unusable(const Variable &from, const std::string &why)
{
    return failure(ErrorCode::InvalidInput,
                   "The variable " + from.name + " names no proxy that can be used: " + why +
                       " It looks like http://proxy.example:3128 or socks5://proxy.example:1080.",
                   from.name);
}

Result<ProxyChoice> choiceOf(const Variable &from)
{
    const bool hasScheme = from.value.find("://") != std::string::npos;
    const QUrl url(QString::fromStdString(hasScheme ? from.value : "http://" + from.value));
    const QString scheme = url.scheme().toLower();
    const bool isSocks =
        scheme == QLatin1String("socks5") || scheme == QLatin1String("socks5h") || scheme == QLatin1String("socks");
    if (scheme == QLatin1String("https"))
        return unusable(from, "this program reaches proxies over http alone, not over https.");
    if (!isSocks && scheme != QLatin1String("http"))
        return unusable(from, "it begins with " + scheme.toStdString() + "://.");
    if (!url.isValid() || url.host().isEmpty())
        return unusable(from, "it has no host, or the port is no number.");
    const int port = url.port(isSocks ? UsualSocksPort : UsualHttpProxyPort);
    ProxyChoice choice;
    choice.proxy =
        QNetworkProxy(isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
                      static_cast<quint16>(port), url.userName(QUrl::FullyDecoded), url.password(QUrl::FullyDecoded));
    choice.name = url.host().toStdString() + ":" + std::to_string(port);
    choice.source = from.name;
    return choice;
}

bool isLoopback(const QString &host)
{
    return host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) ||
           QHostAddress(host).isLoopback();
}

}  // namespace

bool isLeftOut(const std::string &list, const std::string &host, int port)
{
    const QHostAddress address(QString::fromStdString(host));
    std::string word;
    for (const char c : list + ',') {
        if (c != ',' && c != ' ' && c != ';' && c != '\t') {
            word += c;
            continue;
        }
        std::string entry = base::lowered(std::exchange(word, {}));
        if (entry == "*")
            return true;
        const auto bracket = entry.find(']');
        const auto colon = entry.rfind(':');
        const bool isBracketed = entry.starts_with('[') && bracket != std::string::npos;
        const bool hasPort = colon != std::string::npos && (isBracketed ? colon > bracket : entry.find(':') == colon);
        if (hasPort) {
            if (entry.substr(colon + 1) != std::to_string(port))
                continue;
            entry.erase(colon);
        }
        if (isBracketed)
            entry = entry.substr(1, bracket - 1);
        if (entry.find('/') != std::string::npos && !address.isNull()) {
            const auto net = QHostAddress::parseSubnet(QString::fromStdString(entry));
            if (net.second >= 0 && address.isInSubnet(net))
                return true;
            continue;
        }
        while (entry.starts_with('*') || entry.starts_with('.'))
            entry.erase(0, 1);
        if (entry.empty())
            continue;
        const bool isBelow = address.isNull() && host.ends_with("." + entry);
        if (host == entry || isBelow)
            return true;
    }
    return false;
}

Result<ProxyChoice> proxyFor(const QUrl &url)
{
    const QString host = url.host().toLower();
    if (isLoopback(host))
        return ProxyChoice();
    const bool isSecure = url.scheme().compare(QLatin1String("https"), Qt::CaseInsensitive) == 0;
    const Variable own = isSecure ? variableOf("https_proxy", "HTTPS_PROXY") : variableOf("http_proxy", "HTTP_PROXY");
    const Variable all = variableOf("all_proxy", "ALL_PROXY");
    const Variable none = variableOf("no_proxy", "NO_PROXY");
    if (isLeftOut(none.value, host.toStdString(), url.port(isSecure ? 443 : 80)))
        return ProxyChoice();
    if (!own.value.empty() || !all.value.empty())
        return choiceOf(own.value.empty() ? all : own);
    const Variable other = isSecure ? variableOf("http_proxy", "HTTP_PROXY") : variableOf("https_proxy", "HTTPS_PROXY");
    if (!other.value.empty())
        return ProxyChoice();
    ProxyChoice choice;
    const auto ofSystem = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url));
    if (ofSystem.isEmpty() || ofSystem.first().type() == QNetworkProxy::NoProxy ||
        ofSystem.first().type() == QNetworkProxy::DefaultProxy)
        return choice;
    choice.proxy = ofSystem.first();
    choice.name = choice.proxy.hostName().toStdString() + ":" + std::to_string(choice.proxy.port());
    choice.source = "the system's settings";
    return choice;
}

QList<QNetworkProxy> ProxyFactory::queryProxy(const QNetworkProxyQuery &query)
{
    const auto choice = proxyFor(query.url());
    return {choice ? choice->proxy : QNetworkProxy(QNetworkProxy::NoProxy)};
}

}  // namespace core
