// SPDX-License-Identifier: Apache-2.0
// A hub of weights on this machine that lies, stalls and breaks as it is told.
#pragma once

#include <QByteArray>
#include <QMap>
#include <QMutex>
#include <QTcpServer>
#include <QThread>
#include <QVector>

namespace support {

/// What happens to one answer; the next fault of the list is for the next request of the same file.
struct Fault {
    int status = 0;        ///< this instead of the file
    QByteArray header{};   ///< more lines of the head, each with its CRLF
    QByteArray body{};     ///< instead of the file's bytes
    qint64 cutAfter = -1;  ///< bytes of the body, then the connection ends
    bool stalls = false;   ///< after cutAfter bytes nothing more comes, and the connection stays
    bool ignoresRange = false;
    qint64 rangeShift = 0;  ///< the answer begins elsewhere than asked
};

/// A file of one tensor of so many bytes that no compression or luck makes shorter.
[[nodiscard]] QByteArray largeWeights(size_t bytes);

struct HubRequest {
    QByteArray path;
    qint64 first = -1;  ///< of Range; -1: the whole
    QByteArray authorization;
};

/// Answers on a thread of its own, on 127.0.0.1. Its functions may be called from any thread.
class FaultHub final {
public:
    static constexpr const char *Commit = "0123456789abcdef0123456789abcdef01234567";

    FaultHub();
    ~FaultHub();
    FaultHub(const FaultHub &) = delete;
    FaultHub &operator=(const FaultHub &) = delete;

    [[nodiscard]] QByteArray address() const;

    /// Files of the one repository that there is, "owner/weights".
    void setFile(const QByteArray &name, const QByteArray &bytes);
    [[nodiscard]] QByteArray file(const QByteArray &name) const;
    void setCommit(const QByteArray &commit);
    /// For requests of "model.safetensors", "api" and the like, in order.
    void setFaults(const QByteArray &name, const QVector<Fault> &faults);
    /// Weights are fetched from this other hub.
    void redirectTo(const QByteArray &address);
    /// Bytes a millisecond of each answer; 0: at once.
    void setPace(qint64 bytes);

    [[nodiscard]] QVector<HubRequest> requests() const;
    [[nodiscard]] qsizetype requestsOf(const QByteArray &name) const;
    [[nodiscard]] qint64 bytesSent() const;  ///< of files

private:
    struct Answer {
        QByteArray head, body;
        bool isCut = false;
        bool isFile = false;
    };
    void serve();
    [[nodiscard]] Answer answerTo(const HubRequest &request);
    [[nodiscard]] Answer fileAnswer(const QByteArray &name, const HubRequest &request, const Fault &fault);
    [[nodiscard]] QByteArray description() const;

    mutable QMutex m_mutex;
    QThread m_thread;
    QTcpServer *m_server;
    quint16 m_port = 0;
    QMap<QByteArray, QByteArray> m_files;
    QMap<QByteArray, QVector<Fault>> m_faults;
    QByteArray m_commit = Commit, m_redirect;
    QVector<HubRequest> m_requests;
    qint64 m_pace = 0, m_sent = 0;
};

}  // namespace support
