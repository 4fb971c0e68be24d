// SPDX-License-Identifier: Apache-2.0
// A class for texts that fit none of the others, which no row has to be learned for.
#pragma once

#include "core/engine/matrix.h"

#include <span>

namespace engine {

/// What such a class's logit is, the same for every text: it answers where no other class reaches it. Chosen so that of
/// the held-out rows that are answered rightly a `share` (0..1) falls below it: rows of foreign kinds have lower
/// largest logits (Hendrycks et al., Scaling out-of-distribution detection for real-world settings, 2022). `logits`
/// rows x classes, not empty; `labels` class indices.
[[nodiscard]] float fitRejectLogit(const Matrix &logits, std::span<const int> labels, double share);

/// `logits` with one class more behind the others.
[[nodiscard]] Matrix withReject(const Matrix &logits, float rejectLogit);

}  // namespace engine
