// SPDX-License-Identifier: Apache-2.0
// A teacher on this machine: llama.cpp's server with a GGUF file, as a child process of ours.
#pragma once

#include "core/base/progress.h"
#include "core/teacher/chat.h"

#include <QObject>
#include <QProcess>
#include <filesystem>
#include <memory>

namespace core {

struct LocalServerOptions {
    std::filesystem::path weights;  ///< GGUF
    int threads = 0;                ///< 0: all cores
    int parallel = 2;               ///< questions at once
    int contextLength = 4096;       ///< tokens of each of them
    std::chrono::milliseconds longestLoad{300'000};
};

/// On loopback alone, at a random port, with a key of its own that no other program sees. Started again on the same
/// port when it crashes, three times at most. Ends with this object, and with the thread that made it however that
/// ends, kill -9 of the whole program included. Lives on a thread with an event loop.
class LocalServer final : public QObject {
    Q_OBJECT
public:
    /// Blocks while the weights are loaded: `loading` is called meanwhile. The program is $STILLROOM_LLAMA_SERVER (with
    /// arguments, if it has some), else llama-server on the path. NotFound without it or the file, InvalidInput where
    /// the file is no GGUF, Cancelled within 0.2 s after a stop.
    [[nodiscard]] static base::Result<std::unique_ptr<LocalServer>> start(
        const LocalServerOptions &options, const base::WorkContext &context,
        const std::function<void()> &loading = [] {});
    ~LocalServer() override;

    /// The form is a schema: what it says is valid by construction.
    [[nodiscard]] ChatEndpoint endpoint() const;
    [[nodiscard]] int restarts() const { return m_restarts; }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

private:
    explicit LocalServer(LocalServerOptions options) : m_options(std::move(options)) { }
    void run();
    [[nodiscard]] bool isReady() const;

    LocalServerOptions m_options;
    QStringList m_command;
    QProcess m_process;
    quint16 m_port = 0;
    std::string m_key;
    std::string m_identity;  ///< of the weights
    int m_restarts = 0;
    bool m_isEnding = false;
};

}  // namespace core
