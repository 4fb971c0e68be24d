// SPDX-License-Identifier: Apache-2.0
// Texts that say nearly the same, in whatever words.
#pragma once

#include "core/base/progress.h"
#include "core/engine/matrix.h"

namespace core {

/// Groups of two or more rows by index. The first of a group is its leader: every other one has a cosine of at least
/// `least` with it, so none is in a group by a chain of others. A row that is near several leaders goes with the first.
/// Compares all with all leaders: time grows with the square of the rows, some 6 s for 20,000 of 384 features.
[[nodiscard]] base::Result<std::vector<std::vector<size_t>>>
paraphraseGroups(const engine::Matrix &features, double least, const base::WorkContext &context);

}  // namespace core
