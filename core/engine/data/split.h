// SPDX-License-Identifier: Apache-2.0
// Which rows choose a checkpoint and which rows train.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace engine {

/// Row indices of a two-way split; each part ascending.
struct HoldOut {
    std::vector<size_t> train;
    std::vector<size_t> validation;
};

/// Holds out about `fraction` of the rows, stratified by label. Rows of one group stay on one side (near
/// duplicates, children of one parent); every label keeps at least one row for training.
/// `labels` and `groups` have one entry a row. The result depends only on the arguments.
[[nodiscard]] HoldOut stratifiedHoldOut(std::span<const int> labels, std::span<const int64_t> groups, double fraction,
                                        uint64_t seed);

/// Assigns each row to one of `folds` folds (2..labels.size()), stratified by label and group-aware.
[[nodiscard]] std::vector<int> stratifiedFolds(std::span<const int> labels, std::span<const int64_t> groups, int folds,
                                               uint64_t seed);

}  // namespace engine
