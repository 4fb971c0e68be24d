// SPDX-License-Identifier: Apache-2.0
// Whether a training fits into memory, and what would.
#pragma once

#include "core/base/error.h"
#include "core/engine/config/memory_estimate.h"

#include <string>

namespace core {

/// How many rows can go forward at a time, at most config.microBatch, given the memory that is free now. An error says
/// what one row needs, what is free, and what would fit. `subject` names the weights.
[[nodiscard]] base::Result<int> microBatchThatFits(const engine::EncoderConfig &encoder,
                                                   const engine::TrainingConfig &config, const engine::TextSizes &texts,
                                                   size_t classes, const std::string &subject);

}  // namespace core
