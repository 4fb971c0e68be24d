// SPDX-License-Identifier: Apache-2.0
// From which probability on a class is answered, where a text may have several.
#pragma once

#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <span>
#include <vector>

namespace engine {

/// For each class the probability that maximises its F1 on held-out rows, 0.02..0.98, in the middle between two of
/// them. A class that is rare is seldom more probable than not, so one half would leave it out (Lipton, Elkan and
/// Naryanaswamy, Optimal Thresholding of Classifiers to Maximize F1 Measure, 2014). Where a class has few rows the
/// probabilities themselves count as much as its labels: what few rows say by chance moves nothing far.
/// `probabilities` rows x classes, calibrated. Empty without combinations or with fewer than 10 rows.
[[nodiscard]] std::vector<float> fitThresholds(const Matrix &probabilities, std::span<const int> labels,
                                               const Combinations &combinations);

}  // namespace engine
