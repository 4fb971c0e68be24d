// SPDX-License-Identifier: Apache-2.0
// Which teacher a command asks, and on what terms.
#pragma once

#include "app/cli/console.h"
#include "core/teacher/chat_teacher.h"
#include "core/teacher/local_server.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <memory>

namespace cli {

struct TeacherOptions {
    std::string teacher, model, keyVariable;
    bool isAnthropic = false, allowsPlainHttp = false;
    std::string form = "schema";
    size_t shots = 2;
    int concurrency = 16;
    double inputPrice = 0, outputPrice = 0, mostCost = -1;

    /// Of those that need no language model.
    [[nodiscard]] bool isBuiltIn() const;
};

void addTeacherOptions(CLI::App &command, TeacherOptions &options);

/// A language model that can be asked, as long as this lives.
struct OpenedTeacher {
    std::unique_ptr<QCoreApplication> application;  ///< its event loop
    std::unique_ptr<core::LocalServer> server;      ///< of a .gguf file
    core::ChatEndpoint endpoint;
    core::CallOptions calls;
};
[[nodiscard]] base::Result<OpenedTeacher> openTeacher(const TeacherOptions &options, Console &console);

/// Says a pause that the service asks for, and how long it still is.
[[nodiscard]] std::function<void(const core::CallState &)> sayPauses(Console &console);

/// "40 answers bought, 3 known before; 812 tokens in, 130 out, cost 0.0012."
void sayCalls(const core::CallSummary &calls, Console &console);
/// "2 unsure, 1 unreadable, 3 no class of the list"
[[nodiscard]] std::string unansweredText(const core::VerdictCounts &counts);
void addUnanswered(nlohmann::ordered_json &json, const core::VerdictCounts &counts);
void addCalls(nlohmann::ordered_json &json, const core::CallSummary &calls);

}  // namespace cli
