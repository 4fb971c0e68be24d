// SPDX-License-Identifier: Apache-2.0
// What a run would take and its outcome, for people and as JSON.
#pragma once

#include "app/cli/console.h"
#include "core/tasks/train_task.h"
#include "core/training/training_cost.h"

namespace cli {

void sayEpoch(Console &console, const core::CheckpointInfo &checkpoint);
[[nodiscard]] nlohmann::ordered_json trainJson(const core::TrainOutcome &outcome);
/// After a run that did not end: which of its passes are finished and can be used, and that it can go on. `run`: its
/// name; empty: the newest.
[[nodiscard]] nlohmann::ordered_json sayFinished(const core::Service &service, const std::string &run,
                                                 Console &console);

/// What a training would take.
[[nodiscard]] std::string estimateSentence(const core::TrainingCost &cost);
[[nodiscard]] nlohmann::ordered_json estimateJson(const core::TrainingCost &cost);

}  // namespace cli
