// SPDX-License-Identifier: Apache-2.0
// Making confidence honest.
#pragma once

#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <optional>
#include <span>

namespace engine {

/// What held-out rows say of a classifier's numbers: the temperature, the thresholds (multi-label, see fitThresholds)
/// and, with `rejectShare`, the logit of a class for what fits no other (single-label, see fitRejectLogit).
///
/// The temperature (Guo et al., On Calibration of Modern Neural Networks, 2017), within 0.05..20, minimises the rows'
/// log-loss and what a prior adds, so that few rows, or rows that are all right, prove no certainty: the inverse
/// temperature b has a gamma density with its mode at 1. Confidence is raised only on the word of many rows, and
/// lowered more readily. 1 without rows. `logits` rows x classes, finite; `labels` as in `Combinations`.
[[nodiscard]] Calibration calibrate(const Matrix &logits, std::span<const int> labels,
                                    const Combinations &combinations = {}, std::optional<double> rejectShare = {});

/// Rows x all classes, of logits rows x learned classes: with the class that rejects, where there is one, and honest.
[[nodiscard]] Matrix probabilitiesWith(const Calibration &calibration, const Matrix &logits, TaskType task);

}  // namespace engine
