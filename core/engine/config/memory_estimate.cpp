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
constexpr int64_t Library = 275'000'000;
/// Tokens of a batch when texts are read only, see nets::tokensAtOnce.
constexpr int64_t ReadTokens = 2048;

int64_t weightsWithoutWords(const EncoderConfig &b)
{
    const int64_t h = b.hiddenSize, i = b.intermediateSize;
    if (!b.rotary.isLocal.empty())
        return b.layers * (4 * h * h + 3 * h * i + 2 * h);
    return (b.maxPositions + b.typeVocabularySize) * h + b.layers * (4 * h * h + 2 * h * i + 9 * h + i);
}

struct Learning {
    int64_t weights = 0;  ///< that learn, the head's not among them
    int64_t words = 0;    ///< of them, in the table of words
    int64_t layers = 0;   ///< from the head down
};

Learning learnedBy(const EncoderConfig &encoder, const TrainingConfig &config, const TextSizes &texts)
{
    const int64_t h = encoder.hiddenSize;
    const int64_t rest = weightsWithoutWords(encoder);
    const bool isFrozen = config.topLayers > 0;
    Learning learned;
    learned.layers = isFrozen ? std::min(config.topLayers, encoder.layers) : encoder.layers;
    if (config.recipe == Recipe::Lora) {
        learned.weights = config.loraRank * learned.layers * (10 * h + 2 * int64_t{encoder.intermediateSize});
    } else if (isFrozen) {
        learned.weights = rest * learned.layers / encoder.layers;
    } else {
        learned.words = texts.words * h;
        learned.weights = rest + learned.words;
    }
    return learned;
}

/// Tokens of the longest rows that may come into one micro-batch.
int64_t mostTokens(const std::vector<int> &lengths, int rows)
{
    std::vector<int> longest(std::min(lengths.size(), static_cast<size_t>(rows)));
    std::partial_sort_copy(lengths.begin(), lengths.end(), longest.begin(), longest.end(), std::greater<>());
    return std::accumulate(longest.begin(), longest.end(), int64_t{0});
}

}  // namespace

void TextSizes::add(const std::vector<std::vector<int32_t>> &texts)
{
    for (const auto &text : texts) {
        lengths.push_back(static_cast<int>(text.size()));
        for (const int32_t token : text) {
            const auto place = static_cast<size_t>(token);
            if (place >= m_seen.size())
                m_seen.resize(place + 1);
            words += m_seen[place] ? 0 : 1;
            m_seen[place] = true;
        }
    }
}

int64_t layerParameters(const EncoderConfig &encoder)
{
    const int64_t h = encoder.hiddenSize, i = encoder.intermediateSize;
    const int64_t gates = encoder.rotary.isLocal.empty() ? 2 : 3;
    return encoder.layers * (4 * h * h + gates * h * i);
}

int64_t trainingMemory(const EncoderConfig &encoder, const TrainingConfig &config, const TextSizes &texts,
                       size_t classes)
{
    const int64_t h = encoder.hiddenSize, i = encoder.intermediateSize;
    const int64_t words = int64_t{encoder.vocabularySize} * h;
    const int64_t rest = weightsWithoutWords(encoder);
    const auto rows = static_cast<int64_t>(texts.lengths.size());
    // Reading all rows, of which the allocator keeps what is free again: their features, twice in double precision as
    // the head's folds pick them, the scores of all classes on the way, and one batch's states.
    const int64_t reading = rows * (5 * h + 8 * static_cast<int64_t>(classes)) + ReadTokens * (6 * h + 2 * i);
    int64_t learning = 0;
    if (config.recipe != Recipe::Seconds) {
        const Learning learned = learnedBy(encoder, config, texts);
        const int64_t layers = learned.layers;
        // Gradients, two moments, and the copy of the words that are used; of what learns. Adapters are merged into a
        // copy for scoring.
        const int64_t optimiser = config.recipe == Recipe::Lora ? 4 * learned.weights + rest * layers / encoder.layers
                                                                : 3 * learned.weights + learned.words;
        // What a layer keeps of a token for the way back. Measured on MiniLM with short and long texts, batches of 8
        // to 64: the estimate is 3 % below to 10 % above the peak.
        const bool isRotary = !encoder.rotary.isLocal.empty();
        // Adapters' own products leave holes between what is kept.
        const int64_t ofAdapters = config.recipe == Recipe::Lora ? 2 * h : 0;
        const int64_t ofLayer = (isRotary ? 8 * h + 5 * i : 4 * h + 2 * i) + ofAdapters;
        const int64_t kept = config.checkpointsGradients ? layers * h + 2 * ofLayer : layers * ofLayer;
        // Its head is a checkpoint, and waits in memory while the folds of a cross-validation learn.
        const int64_t waiting = config.recipe == Recipe::SelfTraining ? words + rest + learned.words : 0;
        learning = waiting + optimiser + mostTokens(texts.lengths, config.microBatch) * (kept + 4 * i);
    }
    return Library + FloatSize * (words + rest + reading + learning);
}

int64_t trainingDisk(const EncoderConfig &encoder, const TrainingConfig &config, const TextSizes &texts, size_t classes)
{
    const int64_t h = encoder.hiddenSize;
    const int64_t words = int64_t{encoder.vocabularySize} * h;
    const int64_t rest = weightsWithoutWords(encoder);
    const int64_t head = static_cast<int64_t>(classes) * (h + 1);
    // Pooling that transformers' classifiers lack is written as one more layer and a dense one; tokenizers take a
    // megabyte or less beside the weights.
    const int64_t checkpoint = words + rest + rest / std::max(encoder.layers, 1) + h * h + 2 * head;
    if (config.recipe == Recipe::Seconds)
        return FloatSize * checkpoint;
    const Learning learning = learnedBy(encoder, config, texts);
    const int64_t frozen = learning.layers < encoder.layers
                               ? std::accumulate(texts.lengths.begin(), texts.lengths.end(), int64_t{0}) * h
                               : 0;
    // Two moments of each weight that learns, of the newest epoch and of the one before until that is synced.
    const int64_t states = 2 * std::min(config.epochs, 2) * (learning.weights + head);
    return FloatSize * (config.epochs * checkpoint + states + frozen);
}

int fittingMicroBatch(const EncoderConfig &encoder, const TrainingConfig &config, const TextSizes &texts,
                      size_t classes, int64_t available)
{
    TrainingConfig tried = config;
    while (tried.microBatch >= 1 && trainingMemory(encoder, tried, texts, classes) > available) {
        if (tried.microBatch == 1)
            return 0;
        tried.microBatch = (tried.microBatch + 1) / 2;
    }
    return tried.microBatch;
}

}  // namespace engine
