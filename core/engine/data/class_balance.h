// SPDX-License-Identifier: Apache-2.0
// Classes of different sizes made to count alike.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace engine {

/// For each of `classes` classes rows / (classes that have rows * rows of the class); 0 for one without rows.
[[nodiscard]] std::vector<double> classWeights(std::span<const int> labels, int classes);

/// As many rows as there are, as many of each class that has any: rows of large classes are left out, rows of small
/// ones come several times, none twice more often than another of its class. Depends only on the arguments.
[[nodiscard]] std::vector<size_t> balancedRows(std::span<const int> labels, uint64_t seed, int epoch);

}  // namespace engine
