// SPDX-License-Identifier: Apache-2.0
#include "core/training/memory_fit.h"

#include "core/base/memory.h"

#include <algorithm>

using engine::Recipe;
using engine::TrainingConfig;

namespace core {

base::Result<int> microBatchThatFits(const engine::EncoderConfig &encoder, const TrainingConfig &config,
                                     const engine::TextSizes &texts, size_t classes, const std::string &subject)
{
    const int64_t available = base::availableMemory();
    const int fitting = engine::fittingMicroBatch(encoder, config, texts, classes, available);
    if (fitting > 0)
        return std::min(fitting, config.microBatch);
    const auto fits = [&](const TrainingConfig &tried, int longest) {
        engine::TextSizes cut = texts;
        for (int &length : cut.lengths)
            length = std::min(length, longest);
        return engine::fittingMicroBatch(encoder, tried, cut, classes, available) > 0;
    };
    std::string advice = "Close other programs, or choose smaller base weights.";
    auto seconds = config;
    seconds.recipe = Recipe::Seconds;
    if (fits(config, config.maxLength / 2))
        advice = "Texts cut at " + std::to_string(config.maxLength / 2) + " tokens (max_length) would fit.";
    else if (config.recipe != Recipe::Seconds && fits(seconds, config.maxLength))
        advice = "The recipe seconds would fit.";
    auto least = config;
    least.microBatch = 1;
    constexpr int64_t Megabyte = 1'000'000;
    const auto size = [](int64_t bytes) {
        return bytes < 10'000 * Megabyte ? std::to_string(bytes / Megabyte) + " MB"
                                         : std::to_string(bytes / (1000 * Megabyte)) + " GB";
    };
    return base::failure(base::ErrorCode::OutOfMemory,
                         "This training needs " + size(engine::trainingMemory(encoder, least, texts, classes)) +
                             " of memory, even with one row at a time, and " + size(available) + " are free. " + advice,
                         subject);
}

}  // namespace core
