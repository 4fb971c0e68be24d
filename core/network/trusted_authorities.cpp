// SPDX-License-Identifier: Apache-2.0
#include "core/network/trusted_authorities.h"

#include <QDateTime>
#include <QFile>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QUrl>
#include <cstdlib>
#include <mutex>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// A bundle of all authorities of the world has a quarter of a megabyte.
constexpr qint64 LargestFile = 16 << 20;

std::mutex mutex;
QList<QSslCertificate> &ofTheUser()
{
    static QList<QSslCertificate> certificates;
    return certificates;
}

QList<QSslCertificate> certificatesIn(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > LargestFile)
        return {};
    const QByteArray bytes = file.read(LargestFile);
    auto certificates = QSslCertificate::fromData(bytes, QSsl::Pem);
    return certificates.isEmpty() ? QSslCertificate::fromData(bytes, QSsl::Der) : certificates;
}

QString variable(const char *name)
{
    return qEnvironmentVariable(name).trimmed();
}

/// As it stands when the program first asks.
const QList<QSslCertificate> &ofTheEnvironment()
{
    static const QList<QSslCertificate> Certificates = [] {
        QList<QSslCertificate> found;
        if (const QString file = variable("SSL_CERT_FILE"); !file.isEmpty())
            found += certificatesIn(file);
        if (const QString folder = variable("SSL_CERT_DIR"); !folder.isEmpty())
            found += QSslCertificate::fromPath(folder + QStringLiteral("/*"), QSsl::Pem,
                                               QSslCertificate::PatternSyntax::Wildcard);
        return found;
    }();
    return Certificates;
}

std::string dayOf(const QDateTime &time)
{
    return time.toUTC().toString(QStringLiteral("yyyy-MM-dd")).toStdString();
}

std::string namesOf(const QSslCertificate &certificate)
{
    const auto alternatives = certificate.subjectAlternativeNames().values();
    const QStringList names = alternatives.isEmpty() ? certificate.subjectInfo(QSslCertificate::CommonName)
                                                     : QStringList(alternatives.begin(), alternatives.end());
    return names.mid(0, 3).join(QStringLiteral(", ")).left(200).toStdString();
}

std::string unknownAuthority(const QSslCertificate &certificate, bool isItsOwn)
{
    const QString issuer = certificate.issuerInfo(QSslCertificate::CommonName).value(0).left(100);
    std::string text = isItsOwn ? "It is signed by itself, so nobody vouches for it."
                                : "It comes from an authority that this machine does not know" +
                                      (issuer.isEmpty() ? std::string() : " (" + issuer.toStdString() + ")") + ".";
    text += isItsOwn
                ? " If it is a server of your own, enter its certificate as the file of authorities in the settings."
                : " If your company has an authority of its own, enter the file with its certificate in the "
                  "settings, or have it installed on this machine.";
    const QString file = variable("SSL_CERT_FILE");
    if (!file.isEmpty() && certificatesIn(file).isEmpty())
        text += " The file that SSL_CERT_FILE names holds no certificate.";
    return text;
}

}  // namespace

Result<void> useAuthoritiesOf(const std::filesystem::path &file)
{
    QList<QSslCertificate> found;
    if (!file.empty()) {
        std::error_code code;
        if (!std::filesystem::is_regular_file(file, code))
            return failure(ErrorCode::NotFound,
                           "The file with the certificate of your authority is not there. Choose it again.",
                           file.string());
        found = certificatesIn(QString::fromStdString(file.string()));
        if (found.isEmpty())
            return failure(ErrorCode::InvalidInput,
                           "The file of your authority holds no certificate. It has to be a PEM or DER file.",
                           file.string());
    }
    const std::lock_guard lock(mutex);
    ofTheUser() = std::move(found);
    return {};
}

void trustAuthorities(QNetworkRequest &request)
{
    if (request.url().scheme().compare(QLatin1String("https"), Qt::CaseInsensitive) != 0)
        return;
    const std::lock_guard lock(mutex);
    if (ofTheEnvironment().isEmpty() && ofTheUser().isEmpty())
        return;  // Qt reads the system's as it needs them
    // The system's are many files, which are read once.
    static const QList<QSslCertificate> System = QSslConfiguration::systemCaCertificates();
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(System + ofTheEnvironment() + ofTheUser());
    request.setSslConfiguration(configuration);
}

std::string certificateTrouble(const QList<QSslError> &errors, const std::string &host)
{
    std::string text;
    const auto add = [&](const std::string &sentence) {
        if (text.find(sentence) == std::string::npos)
            text += " " + sentence;
    };
    for (const QSslError &error : errors) {
        const QSslCertificate certificate = error.certificate();
        switch (error.error()) {
        case QSslError::CertificateExpired:
            add("It ended on " + dayOf(certificate.expiryDate()) +
                ". Check the clock of this machine; if it is right, whoever runs the service has to renew it.");
            break;
        case QSslError::CertificateNotYetValid:
            add("It holds from " + dayOf(certificate.effectiveDate()) + " on. Check the clock of this machine.");
            break;
        case QSslError::HostNameMismatch: {
            const std::string names = namesOf(certificate);
            add("It is for " + (names.empty() ? std::string("no name") : names) + ", not for " + host +
                ". Check the address.");
            break;
        }
        case QSslError::SelfSignedCertificate: add(unknownAuthority(certificate, true)); break;
        case QSslError::SelfSignedCertificateInChain:
        case QSslError::UnableToGetIssuerCertificate:
        case QSslError::UnableToGetLocalIssuerCertificate:
        case QSslError::UnableToVerifyFirstCertificate:
        case QSslError::CertificateUntrusted:
        case QSslError::InvalidCaCertificate:
            if (text.find("authority") == std::string::npos)
                add(unknownAuthority(certificate, false));
            break;
        case QSslError::CertificateRevoked: add("It was revoked. Do not go on; ask whoever runs the service."); break;
        default: add(error.errorString().left(200).toStdString() + "."); break;
        }
    }
    return text.empty() ? text : "The certificate of " + host + " is not accepted." + text + " Nothing was sent.";
}

}  // namespace core
