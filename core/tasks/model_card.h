// SPDX-License-Identifier: Apache-2.0
// What an exported package says about itself.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/results/checkpoint_name.h"
#include "core/service/service.h"
#include "core/tasks/evaluate_task.h"

#include <optional>
#include <string>

namespace core {

struct CardFacts {
    const CheckpointName &checkpoint;
    const engine::WeightsInfo &weights;  ///< of the checkpoint
    const std::optional<engine::AskRule> &rule;
    const Evaluation *scored = nullptr;  ///< null: there was no exam
};

/// README.md of a package in Markdown, with the front matter that hubs read: base weights, their licence and languages,
/// and the exam's figures. The card names data by counts only: texts, paths and user names stay where they are.
[[nodiscard]] base::Result<std::string> modelCard(const Service &service, const CardFacts &facts);

}  // namespace core
