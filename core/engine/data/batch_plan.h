// SPDX-License-Identifier: Apache-2.0
// Which rows go together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace engine {

using Batch = std::vector<size_t>;  ///< row indices

/// Training batches of one epoch: rows shuffled by (seed, epoch), sorted by length inside chunks of 50 batches,
/// then the batches shuffled. Every row comes once; `batchSize` >= 1.
[[nodiscard]] std::vector<Batch> trainingBatches(std::span<const int> lengths, int batchSize, uint64_t seed, int epoch);

/// Batches for inference: rows by length, at most `maxTokens` tokens each (more only in a batch of one row).
[[nodiscard]] std::vector<Batch> inferenceBatches(std::span<const int> lengths, int maxTokens);

}  // namespace engine
