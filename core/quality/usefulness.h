// SPDX-License-Identifier: Apache-2.0
// Which rows are worth a person's label most.
#pragma once

#include "core/engine/matrix.h"

#include <vector>

namespace core {

/// Row indices, the most useful first: those between two classes (smallest margin between the two likeliest; Settles,
/// Active Learning Literature Survey, 2009, 3.1), each unlike those before it (cosine similarity of `features`), so
/// that a hundred rows that say the same count once. `most` are chosen so; the rest follows by margin alone.
/// `probabilities` rows x classes (two or more), `features` rows x features, of any length.
[[nodiscard]] std::vector<size_t> mostUseful(const engine::Matrix &probabilities, const engine::Matrix &features,
                                             size_t most);

}  // namespace core
