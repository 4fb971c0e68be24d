// SPDX-License-Identifier: Apache-2.0
// What a service answers with 200, read from either dialect.
#pragma once

#include "core/teacher/calls/answer_store.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace core {

/// What a service says with 200; nothing is judged yet.
struct Said {
    TeacherAnswer answer{};
    std::string thought{};  ///< apart from the text
    std::string end{};      ///< why it ends, in lower case: stop, length, content_filter
    std::string refusal{};  ///< in words of its own
    bool hasThought = false;
};

/// Of chat completions and of Anthropic's messages. Nothing where the body holds neither an answer nor a reason why
/// not.
[[nodiscard]] std::optional<Said> readCompletions(const nlohmann::json &body);
[[nodiscard]] std::optional<Said> readMessages(const nlohmann::json &body);

/// What was possible in place of the first token that tells classes apart: of JSON the one behind the opening quote of
/// the value, else the first. `choice`: of chat completions; `from`: byte of the reply where the thinking ends.
[[nodiscard]] std::map<std::string, double> alternativesOf(const nlohmann::json &choice, size_t from);

}  // namespace core
