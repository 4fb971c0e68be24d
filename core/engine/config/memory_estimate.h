// SPDX-License-Identifier: Apache-2.0
// What a training will take of memory and disk, before it is begun.
#pragma once

#include "core/engine/config/architecture_config.h"
#include "core/engine/config/training_config.h"

#include <vector>

namespace engine {

/// Weights that every token is multiplied with: what a pass costs, texts of one length compared.
[[nodiscard]] int64_t layerParameters(const EncoderConfig &encoder);

/// What is learned from.
struct TextSizes {
    std::vector<int> lengths;  ///< tokens of each text
    int64_t words = 0;         ///< different tokens among all

    void add(const std::vector<std::vector<int32_t>> &texts);

private:
    std::vector<bool> m_seen;
};

/// Bytes at the peak of a run of this config on the CPU, libtorch itself among them. `classes` of the head.
[[nodiscard]] int64_t trainingMemory(const EncoderConfig &encoder, const TrainingConfig &config, const TextSizes &texts,
                                     size_t classes);

/// Bytes that the run's folder takes at the peak: a checkpoint an epoch, what the newest two need to go on, and what
/// frozen layers make of the texts.
[[nodiscard]] int64_t trainingDisk(const EncoderConfig &encoder, const TrainingConfig &config, const TextSizes &texts,
                                   size_t classes);

/// The largest micro-batch with which the run fits into `available` bytes; 0: not even one row a time does.
[[nodiscard]] int fittingMicroBatch(const EncoderConfig &encoder, const TrainingConfig &config,
                                    const TextSizes &texts, size_t classes, int64_t available);

}  // namespace engine
