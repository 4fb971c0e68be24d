// SPDX-License-Identifier: Apache-2.0
// Classes that are taken for each other side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

/// The classes of a confusion matrix [expected][answered] in an order that puts those together which are often
/// confused: the leaves of an average-linkage clustering (Sokal and Michener, 1958) by the mutual shares of confusion,
/// the end of each cluster that is nearer turned to its neighbour. Without any confusion the order stays.
[[nodiscard]] std::vector<size_t> similarityOrder(const std::vector<std::vector<int64_t>> &confusion);

/// An answer that was often given instead of the expected one.
struct ConfusedPair {
    size_t expected = 0, answered = 0;
    int64_t rows = 0;
};
/// The most frequent first, at most `most`.
[[nodiscard]] std::vector<ConfusedPair> confusedPairs(const std::vector<std::vector<int64_t>> &confusion, size_t most);

}  // namespace core
