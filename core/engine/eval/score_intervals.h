// SPDX-License-Identifier: Apache-2.0
// How far scores would move with other rows of the same kind.
#pragma once

#include "core/engine/eval/metrics.h"
#include "core/engine/eval/verdicts.h"

namespace engine {

struct ScoreIntervals {
    Interval macroF1, microF1, logLoss;
    Interval ece;  ///< single-label only
};

/// 95 % each, percentile bootstrap over rows (Efron, 1979): up to 500 draws, at least 100 where rows are many. Depends
/// only on its arguments. [0, 1] where there are no rows.
[[nodiscard]] ScoreIntervals scoreIntervals(const std::vector<Verdict> &verdicts, size_t classes, TaskType task,
                                            uint64_t seed);

/// Of the mean of `values`, in the same way; {0, 0} where there are none.
[[nodiscard]] Interval meanInterval(std::span<const float> values, uint64_t seed);

}  // namespace engine
