// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fault_hub.h"

#include "core/engine/weights/safetensors.h"
#include "tests/support/support.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTimer>
#include <random>

namespace support {

namespace {

constexpr qint64 SmallFile = 100'000;  ///< hubs keep such files in git, larger ones beside it

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray lastPart(const QByteArray &path)
{
    if (path.startsWith("/api/"))
        return "api";
    const auto resolve = path.indexOf("/resolve/");
    return resolve < 0 ? path.mid(path.lastIndexOf('/') + 1) : path.mid(path.indexOf('/', resolve + 9) + 1);
}

HubRequest parse(const QByteArray &head)
{
    HubRequest request;
    const auto lines = head.split('\n');
    request.path = lines.first().split(' ').value(1);
    for (const QByteArray &line : lines) {
        const QByteArray lower = line.toLower();
        if (lower.startsWith("range: bytes="))
            request.first = line.mid(13, line.indexOf('-', 13) - 13).toLongLong();
        if (lower.startsWith("authorization: "))
            request.authorization = line.mid(15).trimmed();
    }
    return request;
}

}  // namespace

QByteArray largeWeights(size_t bytes)
{
    const TempFolder folder;
    std::vector<std::byte> data(bytes);
    std::mt19937 random(7);
    for (std::byte &value : data)
        value = static_cast<std::byte>(random() & 0xff);
    const std::vector<engine::TensorView> tensors{{"embeddings", "U8", {static_cast<int64_t>(bytes)}, data}};
    static_cast<void>(engine::writeSafetensors(folder / "w", tensors));
    return QByteArray::fromStdString(read(folder / "w"));
}

FaultHub::FaultHub() : m_server(new QTcpServer)
{
    m_server->listen(QHostAddress::LocalHost);
    m_port = m_server->serverPort();
    m_server->moveToThread(&m_thread);
    QObject::connect(m_server, &QTcpServer::newConnection, m_server, [this] { serve(); });
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_thread.start();
}

FaultHub::~FaultHub()
{
    m_thread.quit();
    m_thread.wait();
}

QByteArray FaultHub::address() const
{
    return "http://127.0.0.1:" + QByteArray::number(m_port);
}

void FaultHub::setFile(const QByteArray &name, const QByteArray &bytes)
{
    const QMutexLocker lock(&m_mutex);
    m_files[name] = bytes;
}

QByteArray FaultHub::file(const QByteArray &name) const
{
    const QMutexLocker lock(&m_mutex);
    return m_files.value(name);
}

void FaultHub::setCommit(const QByteArray &commit)
{
    const QMutexLocker lock(&m_mutex);
    m_commit = commit;
}

void FaultHub::setFaults(const QByteArray &name, const QVector<Fault> &faults)
{
    const QMutexLocker lock(&m_mutex);
    m_faults[name] = faults;
}

void FaultHub::redirectTo(const QByteArray &address)
{
    const QMutexLocker lock(&m_mutex);
    m_redirect = address;
}

void FaultHub::setPace(qint64 bytes)
{
    const QMutexLocker lock(&m_mutex);
    m_pace = bytes;
}

QVector<HubRequest> FaultHub::requests() const
{
    const QMutexLocker lock(&m_mutex);
    return m_requests;
}

qsizetype FaultHub::requestsOf(const QByteArray &name) const
{
    const QMutexLocker lock(&m_mutex);
    return std::count_if(m_requests.begin(), m_requests.end(),
                         [&](const HubRequest &request) { return lastPart(request.path) == name; });
}

qint64 FaultHub::bytesSent() const
{
    const QMutexLocker lock(&m_mutex);
    return m_sent;
}

void FaultHub::serve()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
            const QByteArray seen = socket->peek(1 << 16);
            const auto end = seen.indexOf("\r\n\r\n");
            if (end < 0)
                return;
            const HubRequest request = parse(socket->read(end + 4));
            const Answer answer = answerTo(request);
            const qint64 pace = (QMutexLocker(&m_mutex), m_pace);
            socket->write(answer.head);
            auto *timer = new QTimer(socket);
            auto sent = std::make_shared<qint64>(0);
            QObject::connect(timer, &QTimer::timeout, socket, [=, this] {
                const qint64 left = answer.body.size() - *sent;
                const qint64 piece = std::min(left, pace > 0 ? pace : qint64{1} << 20);
                if (piece > 0 && socket->bytesToWrite() < (1 << 20)) {
                    socket->write(answer.body.constData() + *sent, piece);
                    *sent += piece;
                    const QMutexLocker lock(&m_mutex);
                    m_sent += answer.isFile ? piece : 0;
                }
                if (*sent == answer.body.size()) {
                    timer->deleteLater();
                    // Later, so that what was sent is read before: Qt asks again for what it has not begun to read.
                    if (answer.isCut)
                        QTimer::singleShot(300, socket, [socket] { socket->disconnectFromHost(); });
                }
            });
            timer->start(pace > 0 ? 1 : 0);
        });
    }
}

FaultHub::Answer FaultHub::answerTo(const HubRequest &request)
{
    const QMutexLocker lock(&m_mutex);
    m_requests << request;
    const QByteArray name = lastPart(request.path);
    Fault fault;
    if (!m_faults[name].isEmpty())
        fault = m_faults[name].takeFirst();
    if (fault.status != 0)
        return {"HTTP/1.1 " + QByteArray::number(fault.status) + " x\r\n" + fault.header +
                    "Content-Length: " + QByteArray::number(fault.body.size()) + "\r\n\r\n",
                fault.body};
    if (name == "api") {
        const QByteArray text = description();
        return {"HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(text.size()) + "\r\n\r\n", text};
    }
    if (!m_redirect.isEmpty() && name == "model.safetensors")
        return {"HTTP/1.1 302 Found\r\nLocation: " + m_redirect + request.path +
                    "?signature=secret\r\nContent-Length: 0\r\n\r\n",
                {}};
    const QByteArray file = name.left(name.indexOf('?') < 0 ? name.size() : name.indexOf('?'));
    if (!m_files.contains(file))
        return {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", {}};
    return fileAnswer(file, request, fault);
}

FaultHub::Answer FaultHub::fileAnswer(const QByteArray &name, const HubRequest &request, const Fault &fault)
{
    const QByteArray &file = m_files[name];
    const bool isPart = request.first >= 0 && !fault.ignoresRange;
    const qint64 first = isPart ? request.first + fault.rangeShift : 0;
    QByteArray body = fault.body.isEmpty() ? file.mid(first) : fault.body;
    QByteArray head = isPart
                          ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + QByteArray::number(first) + "-" +
                                QByteArray::number(file.size() - 1) + "/" + QByteArray::number(file.size()) + "\r\n"
                          : QByteArray("HTTP/1.1 200 OK\r\n");
    if (!fault.header.contains("ETag"))
        head += "ETag: \"" + sha256(file).left(32) + "\"\r\n";
    head += fault.header + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n";
    if (fault.cutAfter >= 0)
        body.truncate(fault.cutAfter);
    return {head, body, fault.cutAfter >= 0 && !fault.stalls, true};
}

QByteArray FaultHub::description() const
{
    QJsonArray siblings;
    for (auto file = m_files.begin(); file != m_files.end(); ++file) {
        const QByteArray git = "blob " + QByteArray::number(file->size()) + QByteArray(1, '\0') + *file;
        QJsonObject sibling{{QStringLiteral("rfilename"), QString::fromUtf8(file.key())},
                            {QStringLiteral("size"), file->size()},
                            {QStringLiteral("blobId"),
                             QString::fromLatin1(QCryptographicHash::hash(git, QCryptographicHash::Sha1).toHex())}};
        if (file->size() > SmallFile || file.key().endsWith(".safetensors"))
            sibling[QStringLiteral("lfs")] = QJsonObject{{QStringLiteral("sha256"), QString::fromLatin1(sha256(*file))},
                                                         {QStringLiteral("size"), file->size()}};
        siblings << sibling;
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("sha"), QString::fromLatin1(m_commit)},
                                     {QStringLiteral("gated"), false},
                                     {QStringLiteral("cardData"),
                                      QJsonObject{{QStringLiteral("license"), QStringLiteral("apache-2.0")}}},
                                     {QStringLiteral("siblings"), siblings}})
        .toJson(QJsonDocument::Compact);
}

}  // namespace support
