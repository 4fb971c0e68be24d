// SPDX-License-Identifier: Apache-2.0
// What the head of a Hugging Face classifier answers, by its config.json.
#pragma once

#include "core/engine/task_type.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace engine {

struct HeadClasses {
    std::vector<std::string> labels;
    TaskType task = TaskType::SingleLabel;
    std::string trouble;  ///< why it cannot answer, as sentences with what to do; empty: it can
};

/// As transformers does it: id2label; without it LABEL_0, LABEL_1, ... num_labels of them, or two. One class alone, or
/// several by problem_type, are sigmoids. Never throws for what a stranger may have written.
[[nodiscard]] HeadClasses readHeadClasses(const nlohmann::json &config);

}  // namespace engine
