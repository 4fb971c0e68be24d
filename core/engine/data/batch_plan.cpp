// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/batch_plan.h"

#include "core/base/random.h"

#include <algorithm>
#include <numeric>

namespace engine {

namespace {

constexpr size_t ChunkBatches = 50;

}  // namespace

std::vector<Batch> trainingBatches(std::span<const int> lengths, int batchSize, uint64_t seed, int epoch)
{
    base::Random random(base::subSeed(seed, static_cast<uint64_t>(epoch)));
    std::vector<size_t> order(lengths.size());
    std::iota(order.begin(), order.end(), size_t{0});
    random.shuffle(order);
    const auto size = static_cast<size_t>(batchSize);
    const size_t chunk = size * ChunkBatches;
    std::vector<Batch> batches;
    for (size_t start = 0; start < order.size(); start += chunk) {
        const size_t end = std::min(start + chunk, order.size());
        const auto begin = order.begin() + static_cast<std::ptrdiff_t>(start);
        std::stable_sort(begin, order.begin() + static_cast<std::ptrdiff_t>(end),
                         [&](size_t a, size_t b) { return lengths[a] < lengths[b]; });
        for (size_t i = start; i < end; i += size)
            batches.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(i),
                                 order.begin() + static_cast<std::ptrdiff_t>(std::min(i + size, end)));
    }
    random.shuffle(batches);
    return batches;
}

std::vector<Batch> inferenceBatches(std::span<const int> lengths, int maxTokens)
{
    std::vector<size_t> order(lengths.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return lengths[a] < lengths[b]; });
    std::vector<Batch> batches;
    int tokens = 0;  // of the newest batch
    for (const size_t row : order) {
        if (batches.empty() || tokens + lengths[row] > maxTokens) {
            batches.emplace_back();
            tokens = 0;
        }
        batches.back().push_back(row);
        tokens += lengths[row];
    }
    return batches;
}

}  // namespace engine
