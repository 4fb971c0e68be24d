// SPDX-License-Identifier: Apache-2.0
// Which authorities certificates may come from: the system's, those of the environment, and a file of the user's.
#pragma once

#include "core/base/error.h"

#include <QSslError>
#include <filesystem>

class QNetworkRequest;

namespace core {

/// From now on certificates of the authorities in this file (PEM or DER) are accepted too, in all of the program; an
/// empty path: no longer. NotFound or InvalidInput where there is no certificate in it: then nothing changes.
[[nodiscard]] base::Result<void> useAuthoritiesOf(const std::filesystem::path &file);

/// Lets a request accept them, with what SSL_CERT_FILE and SSL_CERT_DIR name. Any thread.
void trustAuthorities(QNetworkRequest &request);

/// What is wrong with a server's certificate and what to do, as sentences. `host` is the server asked for.
[[nodiscard]] std::string certificateTrouble(const QList<QSslError> &errors, const std::string &host);

}  // namespace core
