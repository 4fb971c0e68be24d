// SPDX-License-Identifier: Apache-2.0
// Which rows go together, so that little is padded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace engine {

using Batch = std::vector<size_t>;  ///< row indices

/// Training batches of one epoch: rows shuffled by (seed, epoch), sorted by length inside chunks of 50 batches,
/// then the batches shuffled. Every row comes once; `batchSize` >= 1.
[[nodiscard]] std::vector<Batch> trainingBatches(std::span<const int> lengths, int batchSize, uint64_t seed, int epoch);

/// Batches for inference: rows by length, at most `maxTokens` padded tokens and 256 rows each, and hardly more
/// than an eighth of padding unless a batch is tiny.
[[nodiscard]] std::vector<Batch> inferenceBatches(std::span<const int> lengths, int maxTokens = 4096);

}  // namespace engine
