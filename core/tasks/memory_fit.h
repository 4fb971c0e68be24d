// SPDX-License-Identifier: Apache-2.0
// Whether a training fits into memory, and what would.
#pragma once

#include "core/base/error.h"
#include "core/engine/config/architecture_config.h"
#include "core/engine/config/training_config.h"

#include <vector>

namespace core {

/// How many rows can go forward at a time, at most config.microBatch, given the memory that is free now. An error says
/// what one row needs, what is free, and what would fit. `lengths` of the train texts in tokens; `subject` names the
/// weights.
[[nodiscard]] base::Result<int> microBatchThatFits(const engine::EncoderConfig &encoder,
                                                   const engine::TrainingConfig &config,
                                                   const std::vector<int> &lengths, size_t classes,
                                                   const std::string &subject);

}  // namespace core
