// SPDX-License-Identifier: Apache-2.0
// Over which proxy a request goes: what the environment says, else the system's settings.
#pragma once

#include "core/base/error.h"

#include <QNetworkProxyFactory>
#include <QUrl>

namespace core {

struct ProxyChoice {
    QNetworkProxy proxy{QNetworkProxy::NoProxy};
    std::string name{};    ///< "proxy.example:3128", for people; empty: no proxy
    std::string source{};  ///< the variable that names it, or "the system's settings"
};

/// HTTPS_PROXY and HTTP_PROXY by the scheme, else ALL_PROXY, each also in small letters, which count first: an HTTP
/// proxy ("http://", or no scheme) or SOCKS 5 ("socks5://", "socks5h://"), with name and password where it wants them.
/// NO_PROXY: hosts, domains with all below them, addresses, networks (10.0.0.0/8), each with a port where wanted, or *.
/// This machine is never reached over a proxy. Without any of the variables, what is set for the system.
/// InvalidInput where the variable names no such proxy.
[[nodiscard]] base::Result<ProxyChoice> proxyFor(const QUrl &url);

/// Whether a list of NO_PROXY has the host. `host` in small letters and without brackets.
[[nodiscard]] bool isLeftOut(const std::string &list, const std::string &host, int port);

/// For a QNetworkAccessManager: its requests go over proxyFor().
class ProxyFactory final : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override;
};

}  // namespace core
