// SPDX-License-Identifier: Apache-2.0
// The training loop.
#pragma once

#include "core/engine/nets_interface.h"

namespace nets {

/// Runs one request: the head by the recipe Seconds, then, for Finetune, epochs over all weights. Blocking;
/// cancelled within a batch, the finished epochs' checkpoints stay.
[[nodiscard]] base::Result<engine::TrainSummary>
train(const engine::TrainRequest &request, engine::TrainObserver &observer, const base::WorkContext &context);

}  // namespace nets
