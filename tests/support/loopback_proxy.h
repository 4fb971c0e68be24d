// SPDX-License-Identifier: Apache-2.0
// An HTTP proxy on this machine, to which every name is 127.0.0.1.
#pragma once

#include <QByteArray>
#include <QMutex>
#include <QTcpServer>
#include <QThread>

class QTcpSocket;

namespace support {

/// Takes CONNECT and whole addresses. Answers on a thread of its own; its functions may be called from any thread.
class LoopbackProxy final {
public:
    LoopbackProxy();
    ~LoopbackProxy();
    LoopbackProxy(const LoopbackProxy &) = delete;
    LoopbackProxy &operator=(const LoopbackProxy &) = delete;

    [[nodiscard]] QByteArray port() const { return QByteArray::number(m_port); }
    /// "name:password", without which nothing passes.
    void setUser(const QByteArray &user);
    /// Status and headers to every request instead of letting it through; empty: the connection ends.
    void setAnswer(const QByteArray &answer);
    /// How many requests it has let through.
    [[nodiscard]] int passed() const;

private:
    void serve(QTcpSocket *client);
    void open(QTcpSocket *client, const QByteArray &head);

    mutable QMutex m_mutex;
    QThread m_thread;
    QTcpServer *m_server;
    quint16 m_port = 0;
    QByteArray m_user, m_answer;
    bool m_answers = false;
    int m_passed = 0;
};

}  // namespace support
