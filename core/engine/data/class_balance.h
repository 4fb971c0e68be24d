// SPDX-License-Identifier: Apache-2.0
// Classes of different sizes made to count as somebody wants.
#pragma once

#include "core/base/error.h"
#include "core/engine/data/batch_plan.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace engine {

/// How many rows of each class a pass should have; together they may be more or fewer than there are.
using Amounts = std::vector<double>;

/// As many of each class that has any, as many in all as there are.
[[nodiscard]] Amounts equalAmounts(std::span<const int> labels, int classes);

/// Reads "refund=0.3, delivery=0.2": shares of all rows, 0 to 1, where the classes that are not named divide what is
/// left as they are; or "refund=100, delivery=400": rows, each more than 1, where the others stay as they are. A name
/// may hold equals signs and commas. Errors name what is wrong. `names` of the classes; `labels` their indices.
[[nodiscard]] base::Result<Amounts> parseAmounts(const std::string &text, const std::vector<std::string> &names,
                                                 std::span<const int> labels);

/// By how much a row of each class counts so that its class counts as `amounts`; 0 for one without rows.
[[nodiscard]] std::vector<double> classWeights(std::span<const int> labels, const Amounts &amounts);

/// So many rows of each class that has any: rows of large classes are left out, rows of small ones come several times,
/// none twice more often than another of its class. Depends only on the arguments.
[[nodiscard]] std::vector<size_t> balancedRows(std::span<const int> labels, const Amounts &amounts, uint64_t seed,
                                               int epoch);

/// What TrainingConfig::rebalance aims for: parseAmounts of a text that can be read, equalAmounts of none.
[[nodiscard]] Amounts wantedAmounts(const std::string &rebalance, const std::vector<std::string> &names,
                                    std::span<const int> labels);

/// trainingBatches of balancedRows: `labels` and `lengths` of all rows.
[[nodiscard]] std::vector<Batch> balancedBatches(std::span<const int> labels, std::span<const int> lengths,
                                                 const Amounts &amounts, int batchSize, uint64_t seed, int epoch);

}  // namespace engine
