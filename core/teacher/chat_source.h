// SPDX-License-Identifier: Apache-2.0
// From what somebody chose to a language model that can be asked.
#pragma once

#include "core/teacher/local_server.h"
#include "core/teacher/teacher_job.h"
#include "core/teacher/teacher_settings.h"

namespace core {

struct ChatChoice {
    std::filesystem::path weights{};  ///< a GGUF file, for llama.cpp's server on this machine; else a service:
    std::string address{}, model{}, key{};
    ChatDialect dialect = ChatDialect::ChatCompletions;
    std::optional<AnswerForm> form{};  ///< none: what the service can do, found out and remembered
    bool allowsPlainHttp = false;
    std::string authorities{};  ///< file with certificates of authorities; empty: the one of the user's settings
    int concurrency = 16;
    std::optional<TokenPrices> prices{};  ///< none: those of the user's table
    std::optional<double> mostCost{};

    [[nodiscard]] bool isLocal() const { return !weights.empty(); }
    /// What is missing before anybody can be asked, as a sentence; empty: nothing.
    [[nodiscard]] std::string missing() const;
    /// As provenances and exams name it.
    [[nodiscard]] std::string name() const { return isLocal() ? weights.stem().string() : model; }
};

/// As long as this lives, it can be asked. Belongs to the thread that opened it.
class ChatSource {
public:
    /// Starts the server, or finds out what the service can do. `loading` is called while weights are loaded. Blocks in
    /// an event loop, see askAll. InvalidInput where text would leave the machine in plain and that is not allowed.
    [[nodiscard]] static base::Result<ChatSource> open(
        const ChatChoice &choice, const base::WorkContext &context, const std::function<void()> &loading = [] {},
        const std::filesystem::path &settings = TeacherSettings::file());

    /// What was learned of the service's pace is remembered.
    ~ChatSource();
    ChatSource(ChatSource &&) noexcept = default;
    ChatSource &operator=(ChatSource &&) noexcept = delete;

    [[nodiscard]] bool isLocal() const { return m_server != nullptr; }
    [[nodiscard]] const ChatEndpoint &endpoint() const { return m_endpoint; }
    [[nodiscard]] const CallOptions &calls() const { return m_calls; }
    /// `job` with its kind, pace and budget.
    [[nodiscard]] TeacherJob onItsTerms(TeacherJob job) const;
    /// What was learned of the service just now, a sentence each; empty where it was known before.
    [[nodiscard]] const std::vector<std::string> &notes() const { return m_notes; }

private:
    ChatSource() = default;

    std::unique_ptr<LocalServer> m_server;
    ChatEndpoint m_endpoint;
    CallOptions m_calls;
    std::filesystem::path m_settings;
    std::vector<std::string> m_notes;
};

/// A name that an exam may have, made of a model's; of one of several versions of the prompt with its name, and with
/// the rows a question where these are several.
[[nodiscard]] std::string examName(const std::string &model, const std::string &prompt = {}, size_t rows = 1);

}  // namespace core
