// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/memory_estimate.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace engine {

namespace {

constexpr int64_t FloatSize = 4;
/// libtorch's code, its threads and its scratch space, as measured.
constexpr int64_t Library = 300'000'000;
/// Tokens of a batch when texts are read only, see nets::tokensAtOnce.
constexpr int64_t ReadTokens = 2048;

int64_t weightsWithoutWords(const EncoderConfig &b)
{
    const int64_t h = b.hiddenSize, i = b.intermediateSize;
    if (!b.rotary.isLocal.empty())
        return b.layers * (4 * h * h + 3 * h * i + 2 * h);
    return (b.maxPositions + b.typeVocabularySize) * h + b.layers * (4 * h * h + 2 * h * i + 9 * h + i);
}

/// Tokens of the longest rows that may come into one micro-batch.
int64_t mostTokens(std::span<const int> lengths, int rows)
{
    std::vector<int> longest(std::min(lengths.size(), static_cast<size_t>(rows)));
    std::partial_sort_copy(lengths.begin(), lengths.end(), longest.begin(), longest.end(), std::greater<>());
    return std::accumulate(longest.begin(), longest.end(), int64_t{0});
}

}  // namespace

int64_t layerParameters(const EncoderConfig &encoder)
{
    const int64_t h = encoder.hiddenSize, i = encoder.intermediateSize;
    const int64_t gates = encoder.rotary.isLocal.empty() ? 2 : 3;
    return encoder.layers * (4 * h * h + gates * h * i);
}

int64_t trainingMemory(const EncoderConfig &encoder, const TrainingConfig &config, std::span<const int> lengths,
                       size_t classes)
{
    const int64_t h = encoder.hiddenSize, i = encoder.intermediateSize;
    const int64_t words = int64_t{encoder.vocabularySize} * h;
    const int64_t rest = weightsWithoutWords(encoder);
    const auto rows = static_cast<int64_t>(lengths.size());
    // Reading all rows: their features, twice in double precision as the head's folds pick them, the scores of all
    // classes on the way, and one batch's states.
    const int64_t reading = rows * (5 * h + 8 * static_cast<int64_t>(classes)) + ReadTokens * (6 * h + 2 * i);
    int64_t learning = 0;
    if (config.recipe != Recipe::Seconds) {
        const int64_t tokens = std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
        const int64_t usedWords = std::min(words, tokens * h / 2);
        const bool isFrozen = config.topLayers > 0;
        const int64_t layers = isFrozen ? std::min(config.topLayers, encoder.layers) : encoder.layers;
        // Gradients, two moments, and the copy of the words that are used; of what learns. Adapters may also be beside
        // the layers that stay, and are merged into a copy for scoring.
        const int64_t adapters = config.lora.rank * layers * (10 * h + 2 * i);
        const int64_t optimiser = config.recipe == Recipe::Lora ? 4 * adapters + rest * layers / encoder.layers
                                  : isFrozen                    ? 3 * rest * layers / encoder.layers
                                                                : 3 * rest + 4 * usedWords;
        // What a layer keeps of a token for the way back. Measured on MiniLM with short and long texts, batches of 8
        // to 64: the estimate is 3 % below to 10 % above the peak.
        const bool isRotary = !encoder.rotary.isLocal.empty();
        // Adapters' own products leave holes between what is kept.
        const int64_t ofAdapters = config.recipe == Recipe::Lora ? 2 * h : 0;
        const int64_t ofLayer = (isRotary ? 8 * h + 5 * i : 4 * h + 2 * i) + ofAdapters;
        const int64_t kept = config.checkpointsGradients ? layers * h + 2 * ofLayer : layers * ofLayer;
        learning = optimiser + mostTokens(lengths, config.microBatch) * (kept + 4 * i);
    }
    return Library + FloatSize * (words + rest + std::max(reading, learning));
}

int fittingMicroBatch(const EncoderConfig &encoder, const TrainingConfig &config, std::span<const int> lengths,
                      size_t classes, int64_t available)
{
    TrainingConfig tried = config;
    while (tried.microBatch >= 1 && trainingMemory(encoder, tried, lengths, classes) > available) {
        if (tried.microBatch == 1)
            return 0;
        tried.microBatch = (tried.microBatch + 1) / 2;
    }
    return tried.microBatch;
}

}  // namespace engine
