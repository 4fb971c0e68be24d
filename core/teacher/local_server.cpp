// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/local_server.h"

#include "core/teacher/weights_identity.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTimer>
#include <csignal>
#include <fstream>
#include <sys/prctl.h>
#include <unistd.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int MostRestarts = 3;
constexpr int LookEveryMs = 150;
constexpr int EndMs = 2000;

QStringList serverCommand()
{
    const QString named = qEnvironmentVariable("STILLROOM_LLAMA_SERVER");
    if (!named.isEmpty())
        return QProcess::splitCommand(named);
    const QString found = QStandardPaths::findExecutable(QStringLiteral("llama-server"));
    return found.isEmpty() ? QStringList() : QStringList(found);
}

Result<void> checkWeights(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::NotFound, "There is no such file, or it may not be read.", file.string());
    char magic[4] = {};
    stream.read(magic, sizeof magic);
    if (std::string_view(magic, sizeof magic) != "GGUF")
        return failure(ErrorCode::InvalidInput,
                       "This is no GGUF file. A local teacher is a language model in llama.cpp's format.",
                       file.string());
    return {};
}

quint16 freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : quint16{0};
}

std::string makeKey()
{
    std::string key;
    for (int i = 0; i < 4; ++i)
        key += QByteArray::number(QRandomGenerator::system()->generate64(), 16).toStdString();
    return key;
}

}  // namespace

Result<std::unique_ptr<LocalServer>> LocalServer::start(const LocalServerOptions &options,
                                                        const base::WorkContext &context,
                                                        const std::function<void()> &loading)
{
    TRY(checkWeights(options.weights));
    std::unique_ptr<LocalServer> server(new LocalServer(options));
    server->m_command = serverCommand();
    if (server->m_command.isEmpty())
        return failure(ErrorCode::NotFound,
                       "llama.cpp's server is not on this machine. Install it so that llama-server is on the path, or "
                       "name it in STILLROOM_LLAMA_SERVER.",
                       "llama-server");
    auto identity = TRY(weightsIdentity(options.weights));
    // Not the port: what these weights have answered once they need not answer again.
    server->m_identity = "local " + identity;
    server->m_port = freePort();
    server->m_key = makeKey();
    server->run();
    if (!server->m_process.waitForStarted())
        return failure(ErrorCode::Io, "llama.cpp's server could not be started. Check that it may be run.",
                       "llama-server");
    const auto deadline = std::chrono::steady_clock::now() + options.longestLoad;
    while (!server->isReady()) {
        if (context.stopRequested())
            return base::cancelled();
        if (server->m_process.state() == QProcess::NotRunning && server->m_restarts >= MostRestarts)
            return failure(ErrorCode::InvalidInput,
                           "llama.cpp's server ended while it loaded the weights: they may be of a newer kind than it "
                           "knows, or need more memory than there is.",
                           options.weights.string());
        if (std::chrono::steady_clock::now() > deadline)
            return failure(ErrorCode::Busy, "Loading the weights took too long, so it was given up.",
                           options.weights.string());
        loading();
        QEventLoop loop;
        QTimer::singleShot(LookEveryMs, &loop, &QEventLoop::quit);
        loop.exec();
    }
    return server;
}

LocalServer::~LocalServer()
{
    m_isEnding = true;
    m_process.terminate();
    if (!m_process.waitForFinished(EndMs)) {
        m_process.kill();
        m_process.waitForFinished(EndMs);
    }
}

void LocalServer::run()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LLAMA_API_KEY"), QString::fromStdString(m_key));
    m_process.setProcessEnvironment(environment);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
    const pid_t parent = ::getpid();
    m_process.setChildProcessModifier([parent] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)  // it is gone already
            ::_exit(1);
    });
    disconnect(&m_process, nullptr, this, nullptr);
    connect(&m_process, &QProcess::finished, this, [this] {
        if (m_isEnding || m_restarts >= MostRestarts)
            return;
        ++m_restarts;
        run();
    });
    QStringList arguments = m_command.mid(1);
    arguments << QStringLiteral("--model") << QString::fromStdString(m_options.weights.string())
              << QStringLiteral("--host") << QStringLiteral("127.0.0.1") << QStringLiteral("--port")
              << QString::number(m_port) << QStringLiteral("--parallel") << QString::number(m_options.parallel)
              << QStringLiteral("--ctx-size") << QString::number(m_options.contextLength * m_options.parallel);
    if (m_options.threads > 0)
        arguments << QStringLiteral("--threads") << QString::number(m_options.threads);
    m_process.start(m_command.front(), arguments);
}

bool LocalServer::isReady() const
{
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1/health").arg(m_port)));
    request.setTransferTimeout(LookEveryMs * 4);
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
}

ChatEndpoint LocalServer::endpoint() const
{
    ChatEndpoint endpoint;
    endpoint.address = "http://127.0.0.1:" + std::to_string(m_port) + "/v1";
    endpoint.model = m_options.weights.stem().string();
    endpoint.key = m_key;
    endpoint.identity = m_identity;
    endpoint.wantsAlternatives = true;
    endpoint.contextLength = m_options.contextLength;
    endpoint.shape.turnsThinkingOff = true;  // where its template knows how
    return endpoint;
}

}  // namespace core
