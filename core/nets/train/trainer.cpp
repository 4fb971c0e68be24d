// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/trainer.h"

#include "core/base/failpoint.h"
#include "core/base/random.h"
#include "core/engine/data/batch_plan.h"
#include "core/engine/data/class_balance.h"
#include "core/nets/device.h"
#include "core/nets/sequence_classifier.h"
#include "core/nets/train/checkpoint.h"
#include "core/nets/train/head_fitting.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <new>
#include <optional>

using base::Result;
using engine::EpochResult;
using engine::TokenIds;
using engine::TrainRequest;

namespace nets {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The part of the vocabulary that the train rows use. Rows of the word table that no text touches get no
/// gradient, and AdamW leaves them as they are: training a compact copy gives the same numbers and spares the
/// optimiser nine tenths of the table.
class CompactVocabulary {
public:
    explicit CompactVocabulary(const std::vector<TokenIds> &texts, const at::Tensor &words)
    {
        std::vector<int32_t> used;
        for (const auto &text : texts)
            used.insert(used.end(), text.begin(), text.end());
        used.push_back(0);  // what padding reads
        std::sort(used.begin(), used.end());
        used.erase(std::unique(used.begin(), used.end()), used.end());
        std::vector<int32_t> place(static_cast<size_t>(words.size(0)), 0);
        for (size_t i = 0; i < used.size(); ++i)
            place[static_cast<size_t>(used[i])] = static_cast<int32_t>(i);
        m_texts = texts;
        for (auto &text : m_texts)
            std::transform(text.begin(), text.end(), text.begin(),
                           [&](int32_t id) { return place[static_cast<size_t>(id)]; });
        auto index = at::empty({static_cast<int64_t>(used.size())}, at::kLong);
        std::copy(used.begin(), used.end(), index.data_ptr<int64_t>());
        m_index = index.to(words.device());
        m_table = words.index_select(0, m_index);
    }

    [[nodiscard]] const std::vector<TokenIds> &texts() const { return m_texts; }
    [[nodiscard]] const at::Tensor &table() const { return m_table; }
    void copyInto(const at::Tensor &words) const { words.index_copy_(0, m_index, m_table.detach()); }

private:
    std::vector<TokenIds> m_texts;
    at::Tensor m_index;
    at::Tensor m_table;
};

class Run {
public:
    Run(const TrainRequest &request, engine::TrainObserver &observer, const base::WorkContext &context,
        SequenceClassifier &classifier)
        : m_request(request), m_observer(observer), m_context(context), m_classifier(classifier),
          m_lengths(lengthsOf(request.train.texts)), m_microBatch(request.config.microBatch)
    {
        if (request.config.balance == engine::Balance::Weights) {
            m_weights = engine::classWeights(request.train.labels, static_cast<int>(request.labels.size()));
            m_classWeights = at::empty({static_cast<int64_t>(m_weights.size())});
            std::copy(m_weights.begin(), m_weights.end(), m_classWeights.data_ptr<float>());
            m_classWeights = m_classWeights.to(classifier.device());
        }
    }

    Result<void> fitHead();
    Result<void> seconds();
    Result<void> finetune();
    [[nodiscard]] engine::TrainSummary summary() const { return m_summary; }

private:
    Result<void> finishEpoch(EpochResult &result, AdamW &optimiser, TrainingState &state);
    Result<double> trainEpoch(int epoch, TrainingState &state, AdamW &optimiser, const CompactVocabulary &vocabulary,
                              Dropout &dropout);
    Result<double> gatherGradients(const engine::Batch &batch, uint64_t seed, const CompactVocabulary &vocabulary,
                                   Dropout &dropout);
    [[nodiscard]] std::vector<engine::Batch> batchesOf(int epoch) const;
    [[nodiscard]] at::Tensor lossSum(const at::Tensor &logits, std::span<const size_t> rows) const;
    [[nodiscard]] AdamW makeOptimiser(const CompactVocabulary &vocabulary) const;
    [[nodiscard]] int64_t stepsPerEpoch() const
    {
        const auto batch = static_cast<size_t>(m_request.config.batchSize);
        return static_cast<int64_t>((m_request.train.texts.size() + batch - 1) / batch);
    }

    const TrainRequest &m_request;
    engine::TrainObserver &m_observer;
    const base::WorkContext &m_context;
    SequenceClassifier &m_classifier;
    std::vector<int> m_lengths;
    int m_microBatch;               ///< smaller than configured once memory has run out
    bool m_isLast = false;          ///< the observer has seen enough
    std::vector<double> m_weights;  ///< by class; empty: all alike
    at::Tensor m_classWeights;      ///< float [classes]; undefined: all alike
    engine::TrainSummary m_summary;
    Clock::time_point m_start = Clock::now();
};

Result<void> Run::fitHead()
{
    const auto &info = m_classifier.info();
    if (m_request.config.recipe == engine::Recipe::Finetune && info.ours && info.labels == m_request.labels &&
        info.rule.task == m_request.config.task)
        return {};  // goes on from an own checkpoint of the same classes and kind: its head is better than a fresh one
    engine::HeadFitData data;
    data.labels = m_request.train.labels;
    data.combinations = m_request.train.combinations;
    data.classes = static_cast<int>(m_request.labels.size());
    data.groups = m_request.train.groups;
    for (size_t i = 0; i < data.labels.size() && !m_weights.empty(); ++i)
        data.weights.push_back(m_weights[static_cast<size_t>(data.labels[i])]);
    data.extraLabels = m_request.extra.labels;
    data.wantsCurve = !m_request.checkpoints.empty();  // nobody reads that of a fold
    data.seed = m_request.config.seed;
    base::WorkContext reading = m_context;
    reading.report = [&](const base::Progress &p) { m_context.report({p.done, p.total, "Reading the rows"}); };
    auto features = m_classifier.run(m_request.train.texts, false, reading);
    if (!features)
        return base::failure(features);
    data.features = std::move(*features);
    if (!m_request.extra.texts.empty()) {
        auto extra = m_classifier.run(m_request.extra.texts, false, {m_context.stop});
        if (!extra)
            return base::failure(extra);
        data.extraFeatures = std::move(*extra);
    }
    if (m_request.config.recipe == engine::Recipe::Seconds && !m_request.unlabelled.empty()) {
        reading.report = [&](const base::Progress &p) {
            m_context.report({p.done, p.total, "Reading unlabelled rows"});
        };
        auto unlabelled = m_classifier.run(m_request.unlabelled, false, reading);
        if (!unlabelled)
            return base::failure(unlabelled);
        data.unlabelledFeatures = std::move(*unlabelled);
    }
    auto fit = nets::fitHead(data, m_context);
    if (!fit)
        return base::failure(fit);
    m_classifier.setHead(fit->head);
    m_summary.l2 = fit->l2;
    m_summary.extraWeight = fit->extraWeight;
    m_summary.selfTraining = fit->selfTraining;
    m_summary.curve = std::move(fit->curve);
    m_summary.heldOutLogits = std::move(fit->heldOutLogits);
    return {};
}

Result<void> Run::finishEpoch(EpochResult &result, AdamW &optimiser, TrainingState &state)
{
    if (!m_request.validation.empty()) {
        auto logits = m_classifier.run(m_request.validation, true, m_context);
        if (!logits)
            return base::failure(logits);
        result.validationLogits = std::move(*logits);
    }
    if (!m_request.test.empty()) {
        auto logits = m_classifier.run(m_request.test, true, m_context);
        if (!logits)
            return base::failure(logits);
        result.testLogits = std::move(*logits);
    }
    auto verdict = m_observer.onEpoch(result);
    if (!verdict)
        return base::failure(verdict);
    m_isLast = verdict->isLast;
    m_summary.epochsDone = result.epoch;
    if (m_request.checkpoints.empty())
        return {};
    if (auto written =
            writeCheckpoint(m_request.checkpoints, state, m_classifier, optimiser, m_request, verdict->calibration);
        !written)
        return written;
    return m_observer.onCheckpoint(result.epoch);
}

Result<void> Run::seconds()
{
    EpochResult result;
    result.epoch = 1;
    result.validationLogits = m_summary.heldOutLogits;
    result.seconds = secondsSince(m_start);
    AdamW none({});
    TrainingState state{1, 0, result.seconds, m_summary.l2, m_summary.extraWeight};
    auto finished = finishEpoch(result, none, state);
    m_summary.seconds = secondsSince(m_start);
    m_summary.rowsPerSecond = static_cast<double>(m_request.train.texts.size()) / std::max(m_summary.seconds, 1e-9);
    return finished;
}

AdamW Run::makeOptimiser(const CompactVocabulary &vocabulary) const
{
    const auto &config = m_request.config;
    ParameterGroup decayed{{}, config.learningRate, config.weightDecay};
    ParameterGroup plain{{}, config.learningRate, 0};
    ParameterGroup head{{m_classifier.head().weight}, config.headLearningRate, config.weightDecay};
    ParameterGroup headBias{{m_classifier.head().bias}, config.headLearningRate, 0};
    decayed.parameters.push_back(vocabulary.table());
    m_classifier.encoder().visitTrainable(
        [&](const at::Tensor &t, bool decays) { (decays ? decayed : plain).parameters.push_back(t); });
    if (m_classifier.info().pooling == engine::Pooling::Native) {
        decayed.parameters.push_back(m_classifier.nativePooler().weight);
        plain.parameters.push_back(m_classifier.nativePooler().bias);
    }
    std::vector<ParameterGroup> groups{decayed, plain, head, headBias};
    for (auto &group : groups) {
        for (auto &parameter : group.parameters)
            parameter.set_requires_grad(true);
    }
    return AdamW(std::move(groups));
}

/// Cross-entropy, summed over the rows. Multi-label: of each row the mean over the classes, as transformers does.
at::Tensor Run::lossSum(const at::Tensor &logits, std::span<const size_t> rows) const
{
    const auto &train = m_request.train;
    const auto count = static_cast<int64_t>(rows.size());
    if (m_request.config.task == engine::TaskType::SingleLabel) {
        auto targets = at::empty({count}, at::kLong);
        for (size_t i = 0; i < rows.size(); ++i)
            targets.data_ptr<int64_t>()[i] = train.labels[rows[i]];
        return at::cross_entropy_loss(logits, targets.to(m_classifier.device()), m_classWeights, at::Reduction::Sum,
                                      /*ignore_index=*/-100, m_request.config.labelSmoothing);
    }
    const int64_t classes = logits.size(1);
    auto targets = at::zeros({count, classes});
    for (int64_t i = 0; i < count; ++i) {
        for (const int c : train.combinations[static_cast<size_t>(train.labels[rows[static_cast<size_t>(i)]])])
            targets.data_ptr<float>()[i * classes + c] = 1;
    }
    const double smoothing = m_request.config.labelSmoothing;
    targets.mul_(1 - smoothing).add_(smoothing / 2);
    return at::binary_cross_entropy_with_logits(logits, targets.to(m_classifier.device()), {}, {}, at::Reduction::Sum) /
           static_cast<double>(classes);
}

/// The loss of a batch; its gradients are in the parameters. Throws when memory runs out.
Result<double> Run::gatherGradients(const engine::Batch &batch, uint64_t seed, const CompactVocabulary &vocabulary,
                                    Dropout &dropout)
{
    dropout.restart(seed);
    const auto device = m_classifier.device();
    const auto most = static_cast<size_t>(m_microBatch);
    double batchLoss = 0;
    for (size_t from = 0; from < batch.size(); from += most) {
        if (m_context.stopRequested())
            return base::cancelled();
        if (base::failpoint("train.memory"))
            throw std::bad_alloc();
        const std::span<const size_t> rows(batch.data() + from, std::min(most, batch.size() - from));
        const auto pooled =
            m_classifier.pooled(packBatch(vocabulary.texts(), rows, device), vocabulary.table(), &dropout);
        const auto logits = m_classifier.logits(dropout.apply(pooled));
        const auto loss = lossSum(logits, rows) / static_cast<double>(batch.size());
        loss.backward();
        batchLoss += loss.item<double>();
    }
    return batchLoss;
}

std::vector<engine::Batch> Run::batchesOf(int epoch) const
{
    const auto &config = m_request.config;
    if (config.balance != engine::Balance::Sampling)
        return engine::trainingBatches(m_lengths, config.batchSize, config.seed, epoch);
    const auto rows = engine::balancedRows(m_request.train.labels, config.seed, epoch);
    std::vector<int> lengths;
    for (const size_t row : rows)
        lengths.push_back(m_lengths[row]);
    auto batches = engine::trainingBatches(lengths, config.batchSize, config.seed, epoch);
    for (auto &batch : batches) {
        for (size_t &row : batch)
            row = rows[row];
    }
    return batches;
}

Result<double> Run::trainEpoch(int epoch, TrainingState &state, AdamW &optimiser, const CompactVocabulary &vocabulary,
                               Dropout &dropout)
{
    const auto &config = m_request.config;
    const int64_t totalSteps = stepsPerEpoch() * config.epochs;
    const auto start = Clock::now();
    double lossSum = 0;
    size_t rowsDone = 0;
    for (const auto &batch : batchesOf(epoch)) {
        const auto stepSeed = base::subSeed(config.seed, 0x5EEDULL + static_cast<uint64_t>(state.step));
        std::optional<Result<double>> gathered;
        while (!gathered) {
            try {
                gathered = gatherGradients(batch, stepSeed, vocabulary, dropout);
            } catch (const std::exception &e) {
                if (!isOutOfMemory(e) || m_microBatch == 1)
                    throw;
                optimiser.dropGradients();
                m_microBatch = std::max(1, std::min(m_microBatch, static_cast<int>(batch.size())) / 2);
                m_observer.onMicroBatch(m_microBatch);
            }
        }
        if (!*gathered)
            return *gathered;
        const double batchLoss = **gathered;
        if (!std::isfinite(batchLoss))
            return base::failure(
                base::ErrorCode::InvalidInput,
                "Training went out of range (the loss is no number any more). Use a smaller learning rate.",
                "learning_rate");
        if (config.maxGradNorm > 0)
            optimiser.clipGradients(config.maxGradNorm);
        const double factor = engine::scheduleFactor(config.schedule, state.step, totalSteps, config.warmupRatio);
        optimiser.step(factor);
        ++state.step;
        rowsDone += batch.size();
        lossSum += batchLoss * static_cast<double>(batch.size());
        m_observer.onStep({state.step, totalSteps, batchLoss, config.learningRate * factor,
                           static_cast<double>(rowsDone) / secondsSince(start)});
        m_context.report({state.step, totalSteps, "Training"});
    }
    return lossSum / static_cast<double>(rowsDone);
}

Result<void> Run::finetune()
{
    const auto &config = m_request.config;
    const CompactVocabulary vocabulary(m_request.train.texts, m_classifier.encoder().words());
    AdamW optimiser = makeOptimiser(vocabulary);
    TrainingState state;
    state.l2 = m_summary.l2;
    state.extraWeight = m_summary.extraWeight;
    if (m_request.resume) {
        if (const int epoch = newestResumableEpoch(m_request.checkpoints); epoch > 0) {
            const at::NoGradGuard guard;
            auto read = readTrainingState(m_request.checkpoints, epoch, m_classifier, optimiser);
            if (!read)
                return base::failure(read);
            state = *read;
            m_summary.l2 = state.l2;
            m_summary.extraWeight = state.extraWeight;
        }
    }
    Dropout dropout(config.dropout, m_classifier.device());
    const double before = state.seconds;
    double trainSeconds = 0;
    const int firstEpoch = state.epoch + 1;
    for (int epoch = firstEpoch; epoch <= config.epochs; ++epoch) {
        const auto epochStart = Clock::now();
        auto loss = trainEpoch(epoch, state, optimiser, vocabulary, dropout);
        if (!loss)
            return base::failure(loss);
        trainSeconds += secondsSince(epochStart);
        {
            const at::NoGradGuard guard;
            vocabulary.copyInto(m_classifier.encoder().words());
        }
        state.epoch = epoch;
        state.seconds = before + secondsSince(m_start);
        EpochResult result;
        result.epoch = epoch;
        result.trainLoss = *loss;
        result.seconds = secondsSince(epochStart);
        if (auto finished = finishEpoch(result, optimiser, state); !finished)
            return finished;
        if (m_isLast)
            break;
    }
    if (!m_request.checkpoints.empty())
        removeTrainingStates(m_request.checkpoints);
    m_summary.epochsDone = state.epoch;
    m_summary.seconds = before + secondsSince(m_start);
    const int epochsHere = std::max(1, state.epoch - firstEpoch + 1);
    m_summary.rowsPerSecond =
        static_cast<double>(m_request.train.texts.size()) * epochsHere / std::max(trainSeconds, 1e-9);
    return {};
}

}  // namespace

Result<engine::TrainSummary> train(const TrainRequest &request, engine::TrainObserver &observer,
                                   const base::WorkContext &context)
{
    useThreads(request.config.threads);
    // A resumed run reads the weights of its newest epoch: they are exactly what was in memory then.
    const int resumable = request.resume ? newestResumableEpoch(request.checkpoints) : 0;
    const bool goesOn = resumable > 0 && request.config.recipe == engine::Recipe::Finetune;
    auto classifier = SequenceClassifier::load(goesOn ? request.checkpoints / std::to_string(resumable) : request.base,
                                               computeDevice());
    if (!classifier)
        return base::failure(classifier);
    Run run(request, observer, context, **classifier);
    if (!goesOn) {
        if (auto fitted = run.fitHead(); !fitted)
            return base::failure(fitted);
    }
    auto done = request.config.recipe == engine::Recipe::Seconds ? run.seconds() : run.finetune();
    if (!done)
        return base::failure(done);
    return run.summary();
}

}  // namespace nets
