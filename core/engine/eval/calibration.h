// SPDX-License-Identifier: Apache-2.0
// Making confidence honest.
#pragma once

#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <span>

namespace engine {

/// Temperature that minimises log-loss on held-out rows (Guo et al., On Calibration of Modern Neural Networks,
/// 2017), within 0.05..20. 1 when there are fewer than 10 rows: too few to say.
[[nodiscard]] double fitTemperature(const Matrix &logits, std::span<const int> labels,
                                    const Combinations &combinations = {});

}  // namespace engine
