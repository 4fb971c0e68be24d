// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fault_teacher.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpSocket>
#include <QTimer>

namespace support {

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What was sent before the end of a connection is read before the end is seen.
constexpr int CutAfterMs = 50;

}  // namespace

FaultTeacher::FaultTeacher(const QString &certificate, const QString &key) : m_isSecure(!certificate.isEmpty())
{
    if (m_isSecure) {
        auto *server = new QSslServer;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(QSslCertificate(contents(certificate)));
        configuration.setPrivateKey(QSslKey(contents(key), QSsl::Rsa));
        server->setSslConfiguration(configuration);
        m_server = server;
    } else {
        m_server = new QTcpServer;
    }
    m_server->listen(QHostAddress::LocalHost);
    m_port = m_server->serverPort();
    m_server->moveToThread(&m_thread);
    QObject::connect(m_server, &QTcpServer::pendingConnectionAvailable, m_server, [this] {
        while (QTcpSocket *socket = m_server->nextPendingConnection())
            serve(socket);
    });
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_thread.start();
}

FaultTeacher::~FaultTeacher()
{
    m_thread.quit();
    m_thread.wait();
}

QByteArray FaultTeacher::address() const
{
    return (m_isSecure ? "https" : "http") + QByteArray("://127.0.0.1:") + QByteArray::number(m_port) + "/v1";
}

void FaultTeacher::setAnswers(std::function<QByteArray(const QByteArray &)> answers)
{
    const QMutexLocker lock(&m_mutex);
    m_answers = std::move(answers);
}

void FaultTeacher::setFaults(const QVector<TeacherFault> &faults)
{
    const QMutexLocker lock(&m_mutex);
    m_faults = faults;
}

void FaultTeacher::setWeather(std::function<TeacherFault(int, const QByteArray &)> weather)
{
    const QMutexLocker lock(&m_mutex);
    m_weather = std::move(weather);
}

void FaultTeacher::setPlace(const QByteArray &path, const TeacherFault &elsewhere)
{
    const QMutexLocker lock(&m_mutex);
    m_path = path;
    m_elsewhere = elsewhere;
}

void FaultTeacher::setRules(std::function<std::optional<TeacherFault>(const QJsonObject &, const QByteArray &)> rules)
{
    const QMutexLocker lock(&m_mutex);
    m_rules = std::move(rules);
}

void FaultTeacher::setUsage(const QByteArray &json)
{
    const QMutexLocker lock(&m_mutex);
    m_usage = json;
}

void FaultTeacher::setModels(const QByteArray &json)
{
    const QMutexLocker lock(&m_mutex);
    m_models = json;
}

int FaultTeacher::asked(const QByteArray &text) const
{
    const QMutexLocker lock(&m_mutex);
    return m_asked.value(text);
}

int FaultTeacher::answered(const QByteArray &text) const
{
    const QMutexLocker lock(&m_mutex);
    return m_answered.value(text);
}

QMap<QByteArray, int> FaultTeacher::allAnswered() const
{
    const QMutexLocker lock(&m_mutex);
    return m_answered;
}

int FaultTeacher::requests() const
{
    const QMutexLocker lock(&m_mutex);
    return m_requests;
}

QVector<QByteArray> FaultTeacher::bodies() const
{
    const QMutexLocker lock(&m_mutex);
    return m_bodies;
}

QVector<QByteArray> FaultTeacher::heads() const
{
    const QMutexLocker lock(&m_mutex);
    return m_heads;
}

int FaultTeacher::mostAtOnce() const
{
    const QMutexLocker lock(&m_mutex);
    return m_mostAtOnce;
}

bool FaultTeacher::take(QTcpSocket &socket, Request &request)
{
    const QByteArray seen = socket.peek(1 << 22);
    const auto end = seen.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = seen.left(end + 4), lower = head.toLower();
    const auto length = lower.indexOf("content-length:");
    const qint64 size =
        length < 0 ? 0 : lower.mid(length + 15, lower.indexOf('\r', length) - length - 15).trimmed().toLongLong();
    if (seen.size() < head.size() + size)
        return false;
    request.head = socket.read(head.size());
    request.body = socket.read(size);
    request.isAnthropic = head.contains("/messages ");
    const auto turns = QJsonDocument::fromJson(request.body).object()[QStringLiteral("messages")].toArray();
    request.text = turns.isEmpty() ? QByteArray() : turns.last()[QStringLiteral("content")].toString().toUtf8();
    return true;
}

TeacherFault FaultTeacher::note(const Request &request)
{
    const QMutexLocker lock(&m_mutex);
    ++m_requests;
    ++m_asked[request.text];
    m_mostAtOnce = std::max(m_mostAtOnce, ++m_atOnce);
    m_bodies << request.body;
    m_heads << request.head;
    const QByteArray path = request.head.split(' ').value(1).split('?').first();
    if (!m_path.isNull() && path != m_path)
        return m_elsewhere;
    if (!m_faults.isEmpty())
        return m_faults.takeFirst();
    if (m_rules) {
        if (auto fault = m_rules(QJsonDocument::fromJson(request.body).object(), request.text))
            return *fault;
    }
    return m_weather ? m_weather(m_requests, request.text) : TeacherFault();
}

QByteArray FaultTeacher::proper(const Request &request) const
{
    const QMutexLocker lock(&m_mutex);
    const QString said = QString::fromUtf8(m_answers ? m_answers(request.text) : QByteArray("refund"));
    const QJsonObject usage = QJsonDocument::fromJson(m_usage).object();
    if (request.isAnthropic)
        return QJsonDocument(QJsonObject{{QStringLiteral("type"), QStringLiteral("message")},
                                         {QStringLiteral("content"),
                                          QJsonArray{QJsonObject{{QStringLiteral("type"), QStringLiteral("text")},
                                                                 {QStringLiteral("text"), said}}}},
                                         {QStringLiteral("usage"),
                                          m_usage.isEmpty() ? QJsonObject{{QStringLiteral("input_tokens"), 20},
                                                                          {QStringLiteral("output_tokens"), 3}}
                                                            : usage}})
            .toJson(QJsonDocument::Compact);
    const QJsonObject message{{QStringLiteral("role"), QStringLiteral("assistant")}, {QStringLiteral("content"), said}};
    return QJsonDocument(
               QJsonObject{{QStringLiteral("choices"), QJsonArray{QJsonObject{{QStringLiteral("message"), message}}}},
                           {QStringLiteral("usage"), m_usage.isEmpty()
                                                         ? QJsonObject{{QStringLiteral("prompt_tokens"), 20},
                                                                       {QStringLiteral("completion_tokens"), 3}}
                                                         : usage}})
        .toJson(QJsonDocument::Compact);
}

void FaultTeacher::replyModels(QTcpSocket *socket) const
{
    const QMutexLocker lock(&m_mutex);
    socket->write((m_models.isNull() ? "HTTP/1.1 404 x" : "HTTP/1.1 200 x") +
                  QByteArray("\r\nContent-Type: application/json\r\nContent-Length: ") +
                  QByteArray::number(m_models.size()) + "\r\n\r\n" + m_models);
}

void FaultTeacher::reply(QTcpSocket *socket, const Request &request, const TeacherFault &fault)
{
    {
        const QMutexLocker lock(&m_mutex);
        --m_atOnce;
    }
    if (fault.isDropped)
        return socket->disconnectFromHost();
    QByteArray body = fault.body.isNull() && fault.status == 200 ? proper(request) : fault.body;
    const bool isWhole = fault.cutAfter < 0 || fault.cutAfter >= body.size();
    socket->write("HTTP/1.1 " + QByteArray::number(fault.status) + " x\r\n" + fault.header +
                  "Content-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n");
    if (!isWhole)
        body.truncate(fault.cutAfter);
    socket->write(body);
    if (isWhole && fault.status == 200 && fault.body.isNull()) {
        const QMutexLocker lock(&m_mutex);
        ++m_answered[request.text];
    }
    if (!isWhole && !fault.isStalled)
        QTimer::singleShot(CutAfterMs, socket, [socket] { socket->disconnectFromHost(); });
}

void FaultTeacher::serve(QTcpSocket *socket)
{
    QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    const auto read = [this, socket] {
        Request request;
        while (take(*socket, request)) {
            if (request.head.startsWith("GET ")) {
                replyModels(socket);
                continue;
            }
            const TeacherFault fault = note(request);
            QTimer::singleShot(fault.delayMs, socket, [=, this] { reply(socket, request, fault); });
        }
    };
    QObject::connect(socket, &QTcpSocket::readyRead, socket, read);
    read();
}

}  // namespace support
