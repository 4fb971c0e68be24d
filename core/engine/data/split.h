// SPDX-License-Identifier: Apache-2.0
// Which rows choose a checkpoint and which rows train.
#pragma once

#include "core/engine/task_type.h"

#include <cstdint>
#include <span>
#include <vector>

namespace engine {

/// Row indices of a two-way split; each part ascending.
struct HoldOut {
    std::vector<size_t> train;
    std::vector<size_t> validation;
};

/// Holds out `fraction` (0..1) of all rows, or as near to that as groups allow, see chooseShare: every class keeps a
/// group of rows for training, and as far as possible each has its share of the held-out rows. Rows of one group stay
/// on one side (near duplicates, children of one parent). `labels` and `groups` have one entry a row; `labels` are
/// class indices, or with `combinations` numbers of those. The result depends only on the arguments.
[[nodiscard]] HoldOut stratifiedHoldOut(std::span<const int> labels, std::span<const int64_t> groups, double fraction,
                                        uint64_t seed, const Combinations &combinations = {});

/// Assigns each row to one of `folds` folds (2..labels.size()) by iterative stratification (Sechidis, Tsoumakas,
/// Vlahavas: On the Stratification of Multi-Label Data, 2011): rows of one group share a fold, and folds are as equally
/// large, and hold as much of each class, as groups allow. Arguments as above.
[[nodiscard]] std::vector<int> stratifiedFolds(std::span<const int> labels, std::span<const int64_t> groups, int folds,
                                               uint64_t seed, const Combinations &combinations = {});

}  // namespace engine
