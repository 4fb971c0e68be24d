// SPDX-License-Identifier: Apache-2.0
// A run's outcome, for people and as JSON.
#pragma once

#include "app/cli/console.h"
#include "core/tasks/train_task.h"

namespace cli {

void sayEpoch(Console &console, const core::CheckpointInfo &checkpoint);
[[nodiscard]] nlohmann::ordered_json trainJson(const core::TrainOutcome &outcome);

}  // namespace cli
