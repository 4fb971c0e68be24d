// SPDX-License-Identifier: Apache-2.0
// Trainings that leave rows out, one after the other, so that each row is answered by a network that has not seen it.
#pragma once

#include "core/training/train_material.h"
#include "core/training/training_budget.h"

namespace core {

/// Of each pass the logits of the train rows [rows, classes], each from the round that left it out; a row that no round
/// leaves out has zeros. Says how far it is. Stops with Cancelled.
[[nodiscard]] base::Result<std::vector<engine::Matrix>> heldOutLogits(engine::Nets &nets, const TrainMaterial &material,
                                                                      const FoldPlan &plan,
                                                                      const base::WorkContext &context);

/// Fills the request's known features as a training with checkpoints does, so that rounds which come before it compute
/// what those after it do, to the bit.
[[nodiscard]] base::Result<void> readFeatures(engine::Nets &nets, const TrainMaterial &material,
                                              const base::WorkContext &context);

}  // namespace core
