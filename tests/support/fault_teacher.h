// SPDX-License-Identifier: Apache-2.0
// A chat service on this machine, in both dialects, that lies, stalls and breaks as it is told.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QMap>
#include <QMutex>
#include <QTcpServer>
#include <QThread>
#include <QVector>
#include <functional>
#include <memory>
#include <optional>

class QTcpSocket;

namespace support {

/// What happens to one answer.
struct TeacherFault {
    int status = 200;
    QByteArray header{};     ///< more lines of the head, each with its CRLF
    QByteArray body{};       ///< instead of the proper answer
    qint64 cutAfter = -1;    ///< bytes of the body, then the connection ends
    bool isStalled = false;  ///< after cutAfter bytes nothing more comes, and the connection stays
    bool isDropped = false;  ///< the connection ends when the request is read
    int delayMs = 0;         ///< before the first byte
};

/// Answers on a thread of its own, on 127.0.0.1. Its functions may be called from any thread.
class FaultTeacher final {
public:
    /// With a certificate and its key, as PEM files, it speaks TLS.
    explicit FaultTeacher(const QString &certificate = {}, const QString &key = {});
    ~FaultTeacher();
    FaultTeacher(const FaultTeacher &) = delete;
    FaultTeacher &operator=(const FaultTeacher &) = delete;

    /// "http://127.0.0.1:PORT/v1"
    [[nodiscard]] QByteArray address() const;

    /// What it says to the last text of a request; "refund" otherwise.
    void setAnswers(std::function<QByteArray(const QByteArray &text)> answers);
    /// For the next requests, in order.
    void setFaults(const QVector<TeacherFault> &faults);
    /// Asked for each request that no fault of the list is for: its number from 1, and its last text.
    void setWeather(std::function<TeacherFault(int number, const QByteArray &text)> weather);
    /// It answers at this path alone, "/v1/chat/completions"; elsewhere comes the fault. A query is no part of it.
    void setPlace(const QByteArray &path, const TeacherFault &elsewhere);
    /// Asked before the weather: what it makes of a request, by its body; nothing where it takes it.
    void setRules(std::function<std::optional<TeacherFault>(const QJsonObject &body, const QByteArray &text)> rules);
    /// Wrong, missing or too large usage fields instead of the true ones.
    void setUsage(const QByteArray &json);
    /// What it says of its models; without, it has no list. Such requests are not counted.
    void setModels(const QByteArray &json);
    /// How often the text was asked, and how often its answer was sent whole.
    [[nodiscard]] int asked(const QByteArray &text) const;
    [[nodiscard]] int answered(const QByteArray &text) const;
    [[nodiscard]] QMap<QByteArray, int> allAnswered() const;
    [[nodiscard]] int requests() const;
    /// Bodies and heads of all requests, the newest last.
    [[nodiscard]] QVector<QByteArray> bodies() const;
    [[nodiscard]] QVector<QByteArray> heads() const;
    /// Of the request that is answered now: for setWeather, whose function may call nothing else here.
    [[nodiscard]] QByteArray headOfLast() const { return m_heads.value(m_heads.size() - 1); }
    /// Requests under way at the same time, at most.
    [[nodiscard]] int mostAtOnce() const;

private:
    struct Request {
        QByteArray head, body, text;
        bool isAnthropic = false;
    };
    void serve(QTcpSocket *socket);
    [[nodiscard]] static bool take(QTcpSocket &socket, Request &request);
    [[nodiscard]] TeacherFault note(const Request &request);
    [[nodiscard]] QByteArray proper(const Request &request) const;
    void replyModels(QTcpSocket *socket) const;
    void reply(QTcpSocket *socket, const Request &request, const TeacherFault &fault);

    mutable QMutex m_mutex;
    QThread m_thread;
    QTcpServer *m_server;
    quint16 m_port = 0;
    bool m_isSecure;
    std::function<QByteArray(const QByteArray &)> m_answers;
    std::function<TeacherFault(int, const QByteArray &)> m_weather;
    std::function<std::optional<TeacherFault>(const QJsonObject &, const QByteArray &)> m_rules;
    QVector<TeacherFault> m_faults;
    QByteArray m_usage, m_models, m_path;
    TeacherFault m_elsewhere;
    QMap<QByteArray, int> m_asked, m_answered;
    QVector<QByteArray> m_bodies, m_heads;
    int m_requests = 0, m_atOnce = 0, m_mostAtOnce = 0;
};

}  // namespace support
