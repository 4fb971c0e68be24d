// SPDX-License-Identifier: Apache-2.0
// What a training will take, before it is begun.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/engine/config/training_config.h"

#include <span>

namespace engine {

/// Weights that every token is multiplied with: what a pass costs, texts of one length compared.
[[nodiscard]] int64_t layerParameters(const EncoderConfig &encoder);

/// Bytes at the peak of a run of this config on the CPU, libtorch itself among them. `lengths`: tokens of each train
/// row; `classes` of the head.
[[nodiscard]] int64_t trainingMemory(const EncoderConfig &encoder, const TrainingConfig &config,
                                     std::span<const int> lengths, size_t classes);

/// The largest micro-batch with which the run fits into `available` bytes; 0: not even one row a time does.
[[nodiscard]] int fittingMicroBatch(const EncoderConfig &encoder, const TrainingConfig &config,
                                    std::span<const int> lengths, size_t classes, int64_t available);

}  // namespace engine
