// SPDX-License-Identifier: Apache-2.0
// Which teacher a command asks, and on what terms.
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/teacher/chat_source.h"

#include <QCoreApplication>
#include <memory>
#include <optional>

namespace cli {

struct TeacherOptions {
    std::string teacher, keyVariable, form = "automatic";
    bool isAnthropic = false;
    std::optional<double> inputPrice, outputPrice, cachedPrice;
    core::ChatChoice choice{};  ///< as far as options give it as it is
    core::TeacherJob job{};

    /// Of those that need no language model.
    [[nodiscard]] bool isBuiltIn() const;
    /// Of a language model, as provenances and exams name it.
    [[nodiscard]] std::string name() const;
};

/// `--teacher` with all that belongs to it; `kinds`: which teachers without a language model there are.
void addTeacherOptions(const Command &command, TeacherOptions &options, const std::string &kinds);

/// A language model that can be asked, as long as this lives.
struct OpenedTeacher {
    std::unique_ptr<QCoreApplication> application;  ///< its event loop
    core::ChatSource source;

    /// `address`: where a service was found, null for a model file; `learned`: what was found out of it on the way.
    [[nodiscard]] nlohmann::ordered_json facts() const;
};
[[nodiscard]] base::Result<OpenedTeacher> openTeacher(const TeacherOptions &options, Console &console);

/// Says what an exam says against the teacher, see core::warningAbout; null: nothing.
[[nodiscard]] nlohmann::ordered_json sayWarning(const core::Service &service, const std::string &teacher,
                                                Console &console);

/// Says a pause or a wait that the service asks for, once each, and what people should know meanwhile.
[[nodiscard]] core::AskingListener sayPauses(Console &console);

/// "40 answers bought, 3 known before; 812 tokens in (600 cached), 130 out (90 of thinking), cost 0.0012."
void sayCalls(const core::CallSummary &calls, Console &console);
/// What to do about rows that the service refuses, or that the model did not finish thinking about.
void sayUnanswered(const core::VerdictCounts &counts, Console &console);
/// "2 unsure, 1 unreadable, 3 no class of the list"
[[nodiscard]] std::string unansweredText(const core::VerdictCounts &counts);
void addUnanswered(nlohmann::ordered_json &json, const core::VerdictCounts &counts);
void addCalls(nlohmann::ordered_json &json, const core::CallSummary &calls);

}  // namespace cli
