// SPDX-License-Identifier: Apache-2.0
// Everything that decides what a training run computes.
#pragma once

#include "core/base/error.h"
#include "core/engine/task_type.h"

#include <cstdint>
#include <optional>
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
    int rank = 16;
    double alpha = 32;
    double dropout = 0;                  ///< on what an adapter reads, 0..1
    std::string targets = "all-linear";  ///< or names of layers as the weights' file has them, or their endings:
                                         ///< "query,value"

    bool operator==(const LoraConfig &) const = default;
};

/// Typed hyper-parameters with their defaults. Two runs with equal values, rows, weights and threads give
/// bit-identical checkpoints on one machine.
struct TrainingConfig {
    Recipe recipe = Recipe::Finetune;
    TaskType task = TaskType::SingleLabel;  ///< the service's, not a setting
    int epochs = 4;
    double learningRate = 5e-5;      ///< of the encoder
    double headLearningRate = 1e-3;  ///< of the linear head
    int batchSize = 32;
    int microBatch = 32;  ///< rows a forward pass; gradients add up to batchSize
    uint64_t seed = 123;
    Schedule schedule = Schedule::Linear;
    double warmupRatio = 0.05;  ///< share of all steps, 0..1
    double weightDecay = 0.0;
    double maxGradNorm = 1.0;  ///< 0 switches clipping off
    double dropout = 0.1;      ///< on hidden states, 0..1
    Balance balance = Balance::None;
    std::string rebalance{};    ///< what `balance` aims for, see parseAmounts; empty: as much of each class
    std::string rejectClass{};  ///< stands last among the classes and for what fits none of them; no row is
                                ///< learned for it; empty: there is none. Single-label only
    double rejectShare = 0.05;  ///< of held-out rows that are right, for which it answers, 0..0.5
    TeacherLabels teacherLabels = TeacherLabels::Automatic;
    double labelSmoothing = 0;  ///< share of a target that goes to all classes alike, 0..1
    int topLayers = 0;          ///< so many layers learn, what is below stays as it is; 0: all and the word table
    Metric metric = Metric::Automatic;
    int patience = 0;     ///< passes without improvement on held-out rows that end the run; 0: never
    int maxLength = 256;  ///< tokens a text, or a window of it, special ones included
    LongTexts longTexts = LongTexts::Cut;
    double validationFraction = 0.2;    ///< of train, for choosing a checkpoint
    bool checkpointsGradients = false;  ///< keeps only what each layer reads, and computes the layer again on the way
                                        ///< back: a fifth of the memory or less, for a third more time
    Precision precision = Precision::Automatic;
    LoraConfig lora{};  ///< of Recipe::Lora
    int threads = 0;    ///< 0: decided once at the start and recorded

    bool operator==(const TrainingConfig &) const = default;
};

[[nodiscard]] const char *name(Recipe recipe);
[[nodiscard]] constexpr bool readsUnlabelled(Recipe recipe)
{
    return recipe == Recipe::Seconds || recipe == Recipe::SelfTraining;
}
[[nodiscard]] std::optional<Recipe> recipeNamed(std::string_view name);
[[nodiscard]] const char *name(Schedule schedule);
[[nodiscard]] const char *name(Balance balance);
/// By name; nothing for another word.
[[nodiscard]] std::optional<Balance> balanceNamed(std::string_view name);
[[nodiscard]] const char *name(TeacherLabels labels);
[[nodiscard]] std::optional<TeacherLabels> teacherLabelsNamed(std::string_view name);
[[nodiscard]] const char *name(LongTexts longTexts);
[[nodiscard]] std::optional<LongTexts> longTextsNamed(std::string_view name);
[[nodiscard]] const char *name(Metric metric);
[[nodiscard]] std::optional<Metric> metricNamed(std::string_view name);
[[nodiscard]] const char *name(Precision precision);
[[nodiscard]] std::optional<Precision> precisionNamed(std::string_view name);

/// First value out of range, as a sentence that names the parameter and its range.
[[nodiscard]] base::Result<void> validate(const TrainingConfig &config);

/// All fields as JSON, under the names distil labs' config.yaml uses where it has one.
[[nodiscard]] std::string toJson(const TrainingConfig &config);
[[nodiscard]] base::Result<TrainingConfig> trainingConfigFromJson(const std::string &text);

/// Factor on the learning rate at `step` (0-based) of `total`: linear warm-up, then the schedule down to 0.
[[nodiscard]] double scheduleFactor(Schedule schedule, int64_t step, int64_t total, double warmupRatio);

}  // namespace engine
