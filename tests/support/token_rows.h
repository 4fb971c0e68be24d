// SPDX-License-Identifier: Apache-2.0
// Rows of token ids that can be learned, and trainings on them.
#pragma once

#include "core/base/random.h"
#include "tests/support/nets.h"

namespace support {

/// Token sequences in which the class shows in which tokens are frequent.
inline engine::LabelledTexts makeRows(size_t count, uint64_t seed)
{
    base::Random random(seed);
    engine::LabelledTexts rows;
    for (size_t i = 0; i < count; ++i) {
        const int label = static_cast<int>(i % 3);
        engine::TokenIds text{2};
        for (size_t j = 0, length = 4 + random.below(12); j < length; ++j)
            text.push_back(static_cast<int32_t>(random.uniform() < 0.5
                                                    ? 10 + label * 20 + static_cast<int>(random.below(20))
                                                    : 5 + static_cast<int>(random.below(150))));
        text.push_back(3);
        rows.texts.push_back(text);
        rows.labels.push_back(label);
    }
    return rows;
}

/// Remembers what a run tells, and stops it where it is told to.
class Recorder final : public engine::TrainObserver {
public:
    std::vector<double> losses, steps;
    std::vector<engine::Matrix> validation;
    int stopAfterEpoch = 0;
    int lastEpoch = 0;
    std::stop_source stop;

    void onStep(const engine::StepResult &step) override { steps.push_back(step.loss); }
    base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override
    {
        losses.push_back(epoch.trainLoss);
        validation.push_back(epoch.validationLogits);
        return engine::EpochVerdict{{2.0}, epoch.epoch == lastEpoch};
    }
    base::Result<void> onCheckpoint(int epoch) override
    {
        if (epoch == stopAfterEpoch)
            stop.request_stop();
        return {};
    }
};

/// Three classes, 90 rows, tiny weights. `checkpoints` empty: nothing is written.
inline engine::TrainRequest makeRequest(const std::filesystem::path &checkpoints)
{
    engine::TrainRequest request;
    request.base = golden("tiny_base");
    request.labels = {"a", "b", "c"};
    request.train = makeRows(90, 1);
    request.validation = makeRows(30, 2).texts;
    request.test = makeRows(30, 3).texts;
    request.checkpoints = checkpoints;
    request.config.epochs = 3;
    request.config.batchSize = request.config.microBatch = 8;
    request.config.learningRate = 1e-3;
    request.config.maxLength = 64;
    request.config.threads = 2;
    request.config.precision = engine::Precision::Float32;  // also where the tests run on a GPU
    return request;
}

/// A copy of golden base weights, with some tokenizer where they have none: rows of ids need it for exports only.
inline std::filesystem::path copiedBase(const std::string &name, const std::filesystem::path &folder)
{
    std::filesystem::copy(golden(name), folder, std::filesystem::copy_options::recursive);
    if (!std::filesystem::exists(folder / "tokenizer.json"))
        std::filesystem::copy_file(golden("tokenizers/roberta.json"), folder / "tokenizer.json");
    return folder;
}

/// Not empty, and equal byte for byte.
inline bool sameFile(const std::filesystem::path &a, const std::filesystem::path &b)
{
    return !read(a).empty() && read(a) == read(b);
}

}  // namespace support
