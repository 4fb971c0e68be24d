// SPDX-License-Identifier: Apache-2.0
// Everything that decides what a training run computes.
#pragma once

#include "core/base/error.h"
#include "core/engine/task_type.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace engine {

enum class Recipe {
    Seconds,       ///< frozen features and a regularised linear head
    Finetune,      ///< head from Seconds, then all weights
    SelfTraining,  ///< epoch 1 is the head from Seconds; it answers the unlabelled rows, then all weights learn from
                   ///< both. Single-label only, without sampling by class; two epochs or more
    Lora           ///< head from Seconds, then the head and low-rank adapters beside weights that stay as they are
};

enum class Schedule { Linear, Cosine, Constant };

/// What is done for classes with few rows. Single-label only: several labels have thresholds of their own.
enum class Balance {
    None,
    Weights,  ///< a row counts rows / (classes * rows of its class), as scikit-learn's "balanced"
    Sampling  ///< a pass has as many rows as ever, and as many of each class; fine-tuning only
};

/// What becomes of rows that a teacher has labelled.
enum class TeacherLabels {
    Automatic,  ///< they are learned from where people's rows say that it helps
    Use,
    Leave  ///< they are texts without a label
};

/// What becomes of texts that are longer than TrainingConfig::maxLength.
enum class LongTexts {
    Cut,     ///< what stands behind is not read
    Windows  ///< they are read in windows that overlap, and answered by the mean of their logits; see WindowRule
};

/// What matrix products of a training are computed in. Weights, moments and sums are float32 in any case.
enum class Precision {
    Automatic,  ///< bfloat16 for large weights on a GPU that has units for it, else float32
    Float32,
    BFloat16  ///< GPUs only: on most processors it is several times slower, so float32 stands in for it there
};

/// What on held-out rows decides which pass is best, and when one brings nothing.
enum class Metric {
    Automatic,  ///< share of rows answered rightly; several labels: micro F1
    MacroF1,
    LogLoss
};

/// Low-rank adapters (Hu et al. 2021): a layer W learns as W + alpha / rank * B A, A [rank, in], B [out, rank].
struct LoraConfig {
    int rank = 0;
    double alpha = 0;
    double dropout = 0;     ///< on what an adapter reads, 0..1
    std::string targets{};  ///< "all-linear", or names of layers as the weights' file has them, or their endings:
                            ///< "query,value"

    bool operator==(const LoraConfig &) const = default;
};

/// The hyper-parameters of a training with their defaults: a member for each PARAMETER and RECORDED of the table. Two
/// runs with equal values, rows, weights and threads give bit-identical checkpoints on one machine.
struct TrainingConfig {
#define PARAMETER(type, member, fallback, ...) type member = fallback;
#define RECORDED(type, member, fallback, ...) type member = fallback;
#include "core/engine/config/training_parameters.inc"

    /// Of Recipe::Lora.
    [[nodiscard]] LoraConfig lora() const
    {
        return {loraRank, loraAlpha, loraDropout, loraTargets};
    }
    bool operator==(const TrainingConfig &) const = default;
};

/// A value of an enumeration.
struct Choice {
    const char *word;   ///< in JSON, in config.yaml and on the command line
    const char *title;  ///< as a form offers it
};

/// In the order of the enumerators.
[[nodiscard]] std::span<const Choice> choicesOf(Recipe);
[[nodiscard]] std::span<const Choice> choicesOf(TaskType);
[[nodiscard]] std::span<const Choice> choicesOf(Schedule);
[[nodiscard]] std::span<const Choice> choicesOf(Balance);
[[nodiscard]] std::span<const Choice> choicesOf(TeacherLabels);
[[nodiscard]] std::span<const Choice> choicesOf(LongTexts);
[[nodiscard]] std::span<const Choice> choicesOf(Metric);
[[nodiscard]] std::span<const Choice> choicesOf(Precision);

template <class Kind>
requires requires(Kind kind)
{
    choicesOf(kind);
}
[[nodiscard]] const char *name(Kind kind)
{
    return choicesOf(kind)[static_cast<size_t>(kind)].word;
}

/// By its word; nothing for another one.
template <class Kind>
[[nodiscard]] std::optional<Kind> named(std::string_view word)
{
    const auto choices = choicesOf(Kind{});
    for (size_t i = 0; i < choices.size(); ++i) {
        if (word == choices[i].word)
            return static_cast<Kind>(i);
    }
    return std::nullopt;
}

[[nodiscard]] constexpr bool readsUnlabelled(Recipe recipe)
{
    return recipe == Recipe::Seconds || recipe == Recipe::SelfTraining;
}

/// First value out of range, as a sentence that names the parameter and its range.
[[nodiscard]] base::Result<void> validate(const TrainingConfig &config);

/// All fields as JSON, under the names distil labs' config.yaml uses where it has one.
[[nodiscard]] std::string toJson(const TrainingConfig &config);
[[nodiscard]] base::Result<TrainingConfig> trainingConfigFromJson(const std::string &text);

/// Factor on the learning rate at `step` (0-based) of `total`: linear warm-up, then the schedule down to 0.
[[nodiscard]] double scheduleFactor(Schedule schedule, int64_t step, int64_t total, double warmupRatio);

}  // namespace engine
