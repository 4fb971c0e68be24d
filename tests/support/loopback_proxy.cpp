// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loopback_proxy.h"

#include <QTcpSocket>
#include <QUrl>

namespace support {

LoopbackProxy::LoopbackProxy() : m_server(new QTcpServer)
{
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

LoopbackProxy::~LoopbackProxy()
{
    m_thread.quit();
    m_thread.wait();
}

void LoopbackProxy::setUser(const QByteArray &user)
{
    const QMutexLocker lock(&m_mutex);
    m_user = user;
}

void LoopbackProxy::setAnswer(const QByteArray &answer)
{
    const QMutexLocker lock(&m_mutex);
    m_answer = answer;
    m_answers = true;
}

int LoopbackProxy::passed() const
{
    const QMutexLocker lock(&m_mutex);
    return m_passed;
}

void LoopbackProxy::serve(QTcpSocket *client)
{
    QObject::connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    QObject::connect(client, &QTcpSocket::readyRead, client, [this, client] {
        if (client->property("isOpen").toBool())
            return;
        const QByteArray seen = client->peek(1 << 16);
        const auto end = seen.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        open(client, client->read(end + 4));
    });
}

void LoopbackProxy::open(QTcpSocket *client, const QByteArray &head)
{
    {
        const QMutexLocker lock(&m_mutex);
        const bool isKnown = m_user.isEmpty() || head.contains("Basic " + m_user.toBase64());
        if (m_answers && m_answer.isEmpty())
            return client->disconnectFromHost();
        if (m_answers || !isKnown) {
            client->write("HTTP/1.1 " +
                          (m_answers ? m_answer : QByteArray("407 x\r\nProxy-Authenticate: Basic realm=\"company\"")) +
                          "\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        ++m_passed;
    }
    const QByteArray target = head.split(' ').value(1);
    const bool isTunnel = head.startsWith("CONNECT ");
    const int port =
        isTunnel ? target.mid(target.lastIndexOf(':') + 1).toInt() : QUrl(QString::fromUtf8(target)).port(80);
    client->setProperty("isOpen", true);
    auto *server = new QTcpSocket(client);
    QObject::connect(server, &QTcpSocket::connected, client, [=] {
        if (isTunnel) {
            client->write("HTTP/1.1 200 Connection established\r\n\r\n");
        } else {
            const QUrl url(QString::fromUtf8(target));
            server->write(QByteArray(head).replace(target, url.path().toUtf8()));
        }
        server->write(client->readAll());
        QObject::connect(client, &QTcpSocket::readyRead, server, [=] { server->write(client->readAll()); });
    });
    QObject::connect(server, &QTcpSocket::readyRead, client, [=] { client->write(server->readAll()); });
    QObject::connect(server, &QTcpSocket::disconnected, client, [=] { client->disconnectFromHost(); });
    server->connectToHost(QHostAddress(QHostAddress::LocalHost), static_cast<quint16>(port));
}

}  // namespace support
