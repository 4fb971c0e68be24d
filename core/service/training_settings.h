// SPDX-License-Identifier: Apache-2.0
// The training part of a distil labs config.yaml.
#pragma once

#include "core/engine/config/training_config.h"
#include "core/service/teacher_wishes.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// Settings that a config file or the command line gives; what is absent keeps its default.
struct TrainingSettings {
    std::optional<int> epochs;
    std::optional<double> learningRate;
    std::optional<double> headLearningRate;
    std::optional<int> batchSize;          ///< rows a forward pass
    std::optional<int> accumulationSteps;  ///< such passes to a step of the optimiser
    std::optional<int64_t> seed;
    std::optional<std::string> schedule;
    std::optional<double> warmupRatio;
    std::optional<double> weightDecay;
    std::optional<double> validationFraction;
    std::optional<int> maxLength;
    std::optional<std::string> longTexts;      ///< a name of engine::LongTexts
    std::optional<std::string> balance;        ///< a name of engine::Balance
    std::optional<std::string> teacherLabels;  ///< a name of engine::TeacherLabels
    std::optional<double> labelSmoothing;
    std::optional<double> rejectShare;
    std::optional<std::string> rebalance;  ///< see engine::parseAmounts
    std::optional<int> patience;
    std::optional<std::string> metric;  ///< a name of engine::Metric
    std::optional<int> topLayers;
    std::optional<bool> checkpointsGradients;
    std::optional<std::string> precision;  ///< a name of engine::Precision
    std::optional<bool> useLora;           ///< which recipe Automatic takes
    std::optional<int> loraRank;
    std::optional<double> loraAlpha;
    std::optional<double> loraAlphaMultiplier;  ///< alpha in ranks, where no alpha is set
    std::optional<double> loraDropout;
    std::optional<std::string> loraTargets;  ///< see engine::LoraConfig

    /// Writes what is set over `config`; an unknown name is an error.
    [[nodiscard]] base::Result<void> applyTo(engine::TrainingConfig &config) const;
    /// These settings, and those of `below` where nothing is set here.
    [[nodiscard]] TrainingSettings over(const TrainingSettings &below) const;
    /// These settings, but for those that are the same in `others`.
    [[nodiscard]] TrainingSettings without(const TrainingSettings &others) const;
    [[nodiscard]] std::string toJson() const;
    /// What toJson wrote; what is of another type is left out.
    [[nodiscard]] static TrainingSettings fromJson(const std::string &text);
    /// The service's own, of the config.yaml that it was made with; a service without one has none.
    [[nodiscard]] static base::Result<TrainingSettings> of(const Service &service);

private:
    void applyLora(engine::LoraConfig &lora) const;
};

struct ConfigFile {
    TrainingSettings training;
    TeacherWishes teacher;
    std::vector<std::string> notes;  ///< one sentence for each key that has no effect here, with the reason
};

/// Reads both generations of the file: `base`, `tuning`, ... and the older flat form. Another task than
/// classification is an error.
[[nodiscard]] base::Result<ConfigFile> parseConfigFile(const std::string &yaml, const std::string &subject);

}  // namespace core
