// SPDX-License-Identifier: Apache-2.0
// What the module of tensors offers, in plain structs: nothing here knows libtorch.
#pragma once

#include "core/base/progress.h"
#include "core/engine/config/architecture_config.h"
#include "core/engine/config/training_config.h"
#include "core/engine/data/known_features.h"
#include "core/engine/data/windows.h"
#include "core/engine/eval/learning_curve.h"
#include "core/engine/matrix.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace engine {

/// One text, special tokens included. Longer than what is read at once where it is read in windows: the module divides
/// it, see WindowRule.
using TokenIds = std::vector<int32_t>;

struct LabelledTexts {
    std::vector<TokenIds> texts;
    std::vector<int> labels;       ///< class index of each text; with combinations, the number of one
    std::vector<int64_t> groups;   ///< rows of one group stay on one side of a split; may be empty: each its own
    Combinations combinations{};   ///< empty for single-label texts
    std::vector<float> weights{};  ///< how much each text counts, above 0; empty: each 1
    size_t taught = 0;             ///< so many of the last texts were labelled by a teacher: they are learned from, but
                                   ///< never held out, and no score counts them
};

/// What each token of a text adds to an answer.
struct Attribution {
    std::vector<float> tokens;  ///< one a token: log-odds that it adds (or takes away)
    double logOdds = 0;         ///< of the class for the text, ln(p / (1 - p))
    double neutralLogOdds = 0;  ///< for the text that says nothing
    double unexplained = 0;     ///< of their difference: what the tokens' sum misses, by numerical integration
};

/// A trained classifier in memory. One call at a time.
class Predictor {
public:
    virtual ~Predictor() = default;
    [[nodiscard]] virtual const WeightsInfo &info() const = 0;
    /// rows x classes, in the order of the texts, which are divided as info().windows says. Cancelled between batches.
    [[nodiscard]] virtual base::Result<Matrix> logits(const std::vector<TokenIds> &texts,
                                                      const base::WorkContext &context) const = 0;
    /// What the tokens of `text` add to class `label`, against `neutral`, as many tokens that say nothing (padding in
    /// place of the text's own): integrated gradients (Sundararajan, Taly and Yan, Axiomatic Attribution for Deep
    /// Networks, 2017) over the states that the first layer reads.
    [[nodiscard]] virtual base::Result<Attribution> attribute(const TokenIds &text, const TokenIds &neutral, int label,
                                                              const base::WorkContext &context) const = 0;
};

/// Base weights as a feature extractor. One call at a time.
class Embedder {
public:
    virtual ~Embedder() = default;
    [[nodiscard]] virtual const WeightsInfo &info() const = 0;
    /// rows x hidden size: the pooled vector that a head sees.
    [[nodiscard]] virtual base::Result<Matrix> features(const std::vector<TokenIds> &texts,
                                                        const base::WorkContext &context) const = 0;
};

/// A linear head on pooled features: logits = features * weight^T + bias.
struct LinearHead {
    Matrix weight;            ///< classes x features
    std::vector<float> bias;  ///< classes
};

/// Features for fitting a head; the extra rows (class descriptions) never count in cross-validation scores.
struct HeadFitData {
    Matrix features;
    std::vector<int> labels;
    std::vector<int64_t> groups;
    Combinations combinations{};    ///< multi-label: one regression a class
    int classes = 0;                ///< at least so many, also where no row has the last ones
    std::vector<double> weights{};  ///< how much each row counts; empty: 1
    size_t taught = 0;              ///< see LabelledTexts::taught
    Matrix extraFeatures;           ///< may be empty
    std::vector<int>
        extraLabels;            ///< class indices; what an extra row says of other classes is not asked (multi-label)
    Matrix unlabelledFeatures;  ///< to learn from by self-training, where that does no harm; may be empty
    bool wantsCurve = false;    ///< two more fits a fold
    uint64_t seed = 123;
};

/// What came of learning from rows without a label.
struct SelfTraining {
    int64_t rows = 0;          ///< offered; 0: none were
    int64_t learned = 0;       ///< of them, learned from in the last round
    int64_t rightWith = 0;     ///< train rows answered rightly when left out, with self-training
    int64_t rightWithout = 0;  ///< and without
    bool used = false;
};

struct HeadFit {
    LinearHead head;
    double l2 = 0;           ///< chosen regularisation
    double extraWeight = 0;  ///< chosen weight of the extra rows; 0: they did not help
    Matrix heldOutLogits;    ///< out-of-fold logits of every row that nobody's teacher labelled, in order
    double heldOutLogLoss = 0;
    SelfTraining selfTraining;
    LearningCurve curve;  ///< if wanted, of single-label data of 40 to some thousands of rows, without unlabelled ones
};

/// One epoch's result, before its checkpoint is written.
struct EpochResult {
    int epoch = 0;            ///< 1-based
    double trainLoss = 0;     ///< mean over the epoch's rows
    Matrix validationLogits;  ///< empty without validation rows; of a head then HeadFit::heldOutLogits
    Matrix testLogits;
    double seconds = 0;
};

struct StepResult {
    int64_t step = 0;  ///< optimiser steps done in the run
    int64_t totalSteps = 0;
    double loss = 0;
    double learningRate = 0;
    double rowsPerSecond = 0;
    double gradientNorm = 0;  ///< before it was cut to TrainingConfig::maxGradNorm; 0 where nothing is cut
};

/// What is made of an epoch.
struct EpochVerdict {
    Calibration calibration;  ///< goes into the checkpoint; the temperature is folded into its head
    bool isLast = false;      ///< no more passes: nothing has improved
};

/// Told what happens, on the training thread.
class TrainObserver {
public:
    virtual ~TrainObserver() = default;
    virtual void onStep(const StepResult &) { }
    /// Memory ran out; from here on so many rows go forward at a time. Gradients still add up to the batch.
    virtual void onMicroBatch(int) { }
    [[nodiscard]] virtual base::Result<EpochVerdict> onEpoch(const EpochResult &epoch) = 0;
    /// The epoch's checkpoint is on disk, synced.
    [[nodiscard]] virtual base::Result<void> onCheckpoint(int) { return {}; }
};

struct TrainRequest {
    TrainingConfig config;       ///< threads > 0
    std::filesystem::path base;  ///< weights folder, or a checkpoint of ours
    std::vector<std::string> labels;
    WindowRule windows{};  ///< how texts are read, with LongTexts::Windows; the checkpoints say it
    LabelledTexts train;
    LabelledTexts extra;               ///< class descriptions for the head, a class each; may be empty
    std::vector<TokenIds> unlabelled;  ///< for Seconds and SelfTraining, with single labels; may be empty
    std::shared_ptr<KnownFeatures>
        features{};  ///< of `base`: filled by a training with checkpoints, used by others; may be null
    std::vector<TokenIds> validation;  ///< scored after each epoch; may be empty
    std::vector<TokenIds> test;
    std::filesystem::path checkpoints;  ///< folder for <epoch>/; empty: nothing is written
    std::filesystem::path scratch;      ///< folder for large files that nobody needs later; empty: the system's
    bool resume = false;                ///< go on from the newest checkpoint that has a training state
};

struct TrainSummary {
    double seconds = 0;
    double rowsPerSecond = 0;
    int epochsDone = 0;
    double l2 = 0;
    double extraWeight = 0;
    Matrix heldOutLogits;  ///< of the head that the run began with, see HeadFit
    SelfTraining selfTraining;
    LearningCurve curve;  ///< of the head on frozen features, whatever the recipe; see HeadFit
};

struct DeviceInfo {
    std::string name;      ///< "CPU, 2 threads" or the GPU's name
    std::string libtorch;  ///< version
    bool gpu = false;
};

/// The module's door. Functions may be called from several threads, one call a Predictor or Embedder.
class Nets {
public:
    virtual ~Nets() = default;
    [[nodiscard]] virtual DeviceInfo device() const = 0;
    [[nodiscard]] virtual base::Result<std::unique_ptr<Predictor>> loadPredictor(const std::filesystem::path &folder,
                                                                                 int threads) = 0;
    /// Of texts that are divided features are the mean of the windows', whatever the folder says of windows.
    [[nodiscard]] virtual base::Result<std::unique_ptr<Embedder>>
    loadEmbedder(const std::filesystem::path &folder, int threads, const WindowRule &windows = {}) = 0;
    [[nodiscard]] virtual base::Result<HeadFit> fitHead(const HeadFitData &data, const base::WorkContext &context) = 0;
    [[nodiscard]] virtual base::Result<TrainSummary> train(const TrainRequest &request, TrainObserver &observer,
                                                           const base::WorkContext &context) = 0;
};

}  // namespace engine
