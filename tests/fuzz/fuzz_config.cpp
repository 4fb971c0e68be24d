// SPDX-License-Identifier: Apache-2.0
// Every small file of settings: config.yaml, an Augmentoolkit config, job_description.json, config.json of weights.
#include "core/engine/config/architecture_config.h"
#include "core/engine/config/training_config.h"
#include "core/service/job_description.h"
#include "core/service/training_settings.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const std::string text(fuzz::view(data, size));
    if (const auto file = core::parseConfigFile(text, "config.yaml")) {
        engine::TrainingConfig config;
        if (file->training.applyTo(config) && engine::validate(config)) {
            const auto again = engine::trainingConfigFromJson(engine::toJson(config));
            MUST(again && *again == config);
        }
        const auto kept = core::TrainingSettings::fromJson(file->training.toJson());
        MUST(kept.toJson() == file->training.toJson());
    }
    if (const auto job = core::parseAugmentoolkitConfig(text, "config.yaml"))
        MUST(!job->notes.empty());
    if (const auto job = core::parseJobDescription(text, "job_description.json"))
        MUST(!job->classes.empty());
    static_cast<void>(engine::trainingConfigFromJson(text));
    static_cast<void>(core::TrainingSettings::fromJson(text));
    fuzz::file("config.json", text);
    if (const auto weights = engine::readWeightsInfo(fuzz::folder())) {
        const auto &encoder = weights->encoder;
        MUST(encoder.hiddenSize > 0 && encoder.heads > 0 && encoder.vocabularySize > 0 && encoder.layers > 0);
        MUST(encoder.rotary.isLocal.empty() || encoder.rotary.isLocal.size() >= static_cast<size_t>(encoder.layers));
    }
    return 0;
}
