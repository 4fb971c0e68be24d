// SPDX-License-Identifier: Apache-2.0
// Which pass of a run is used where nothing else is said.
#pragma once

#include "core/results/run_history.h"

namespace core {

/// The held-out or cross-validated score of each pass, by the run's metric.
[[nodiscard]] std::vector<PassScore> passScores(const RunInfo &run, const std::vector<CheckpointInfo> &checkpoints);

/// The pass with the highest score, the lower loss of equals. `scores` is not empty.
[[nodiscard]] int bestPass(const std::vector<PassScore> &scores);

/// The last pass that is not worse than the best by more than a standard error of their difference on `rows` held-out
/// rows, taking it that they answer one row in sixteen differently: what self-training adds helps on average, and a few
/// rows more or less in a small set are chance.
[[nodiscard]] int lastGoodPass(const std::vector<PassScore> &scores, size_t rows);

/// By the rules above, as far as the run has come; 0 where there is no checkpoint. The exam has no say. After another
/// pass it is that one or the same as before: what is neither chosen nor last will not be chosen later.
[[nodiscard]] int choosePass(const RunInfo &run, const std::vector<CheckpointInfo> &checkpoints);

}  // namespace core
