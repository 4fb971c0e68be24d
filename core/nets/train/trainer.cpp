// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/trainer.h"

#include "core/base/failpoint.h"
#include "core/base/random.h"
#include "core/engine/eval/reject.h"
#include "core/nets/device.h"
#include "core/nets/sequence_classifier.h"
#include "core/nets/train/checkpoint.h"
#include "core/nets/train/head_fitting.h"
#include "core/nets/train/lesson.h"
#include "core/nets/train/lora.h"
#include "core/nets/train/text_pass.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/softmax.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <new>
#include <optional>

using base::Result;
using engine::EpochResult;
using engine::Recipe;
using engine::TokenIds;
using engine::TrainRequest;

namespace nets {

namespace {

/// Of what rows without a label are taken for: probabilities to this power.
constexpr double Sharpness = 2;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class Run {
public:
    Run(const TrainRequest &request, engine::TrainObserver &observer, const base::WorkContext &context,
        SequenceClassifier &classifier)
        : m_request(request), m_observer(observer), m_context(context), m_classifier(classifier),
          m_lesson(request, classifier.device()), m_microBatch(request.config.microBatch)
    {
    }

    Result<void> fitHead();
    Result<void> seconds();
    Result<void> finetune();
    [[nodiscard]] engine::TrainSummary summary() const { return m_summary; }

private:
    /// Puts the features of unlabelled rows into `data` and returns their texts. What a class that rejects would answer
    /// is left out: it fits none of those that would learn from it.
    Result<std::vector<TokenIds>> readUnlabelled(engine::HeadFitData &data);
    /// Of the base weights, read or known.
    Result<engine::Matrix> featuresOf(const std::vector<TokenIds> &texts, const base::WorkContext &context) const;
    Result<void> finishEpoch(EpochResult &result, AdamW &optimiser, TrainingState &state);
    Result<double> trainEpoch(int epoch, TrainingState &state, AdamW &optimiser, Dropout &dropout);
    Result<double> gatherGradients(const engine::Batch &batch, uint64_t seed, Dropout &dropout);
    [[nodiscard]] bool beginsWithHead() const { return m_request.config.recipe == Recipe::SelfTraining; }
    Result<void> prepare();
    [[nodiscard]] AdamW makeOptimiser();
    [[nodiscard]] Learned learned(AdamW &optimiser)
    {
        return {m_classifier, optimiser, m_adapters ? &*m_adapters : nullptr};
    }

    const TrainRequest &m_request;
    engine::TrainObserver &m_observer;
    const base::WorkContext &m_context;
    SequenceClassifier &m_classifier;
    Lesson m_lesson;
    std::optional<TextPass> m_pass;
    std::optional<LoraAdapters> m_adapters;
    int m_microBatch;       ///< smaller than configured once memory has run out
    bool m_isLast = false;  ///< the observer has seen enough
    engine::TrainSummary m_summary;
    Clock::time_point m_start = Clock::now();
};

Result<engine::Matrix> Run::featuresOf(const std::vector<TokenIds> &texts, const base::WorkContext &context) const
{
    const auto &known = m_request.features;
    if (known) {
        if (auto found = known->of(texts))
            return std::move(*found);
    }
    auto read = m_classifier.run(texts, false, context);
    if (read && known && !m_request.checkpoints.empty())
        known->add(texts, *read);
    return read;
}

Result<std::vector<TokenIds>> Run::readUnlabelled(engine::HeadFitData &data)
{
    const auto &config = m_request.config;
    if (!engine::readsUnlabelled(config.recipe) || m_request.unlabelled.empty())
        return std::vector<TokenIds>();
    base::WorkContext reading = m_context;
    reading.report = [&](const base::Progress &p) { m_context.report({p.done, p.total, "Reading unlabelled rows"}); };
    auto features = TRY(featuresOf(m_request.unlabelled, reading));
    if (config.rejectClass.empty()) {
        data.unlabelledFeatures = std::move(features);
        return m_request.unlabelled;
    }
    auto first = TRY(nets::fitHead(data, {m_context.stop}));
    std::vector<TokenIds> texts;
    std::vector<float> kept;
    if (first.heldOutLogits.rows > 0) {
        const std::vector<int> known(data.labels.begin(), data.labels.end() - static_cast<ptrdiff_t>(data.taught));
        const float least = engine::fitRejectLogit(first.heldOutLogits, known, config.rejectShare);
        m_classifier.setHead(first.head);
        const auto logits = toMatrix(m_classifier.logits(toTensor(features).to(m_classifier.device())));
        for (size_t i = 0; i < logits.rows; ++i) {
            if (std::ranges::max(logits.row(i)) < least)
                continue;
            texts.push_back(m_request.unlabelled[i]);
            kept.insert(kept.end(), features.row(i).begin(), features.row(i).end());
        }
    }
    data.unlabelledFeatures = engine::Matrix(texts.size(), features.columns);
    data.unlabelledFeatures.values = std::move(kept);
    return texts;
}

Result<void> Run::fitHead()
{
    const auto &info = m_classifier.info();
    const Recipe recipe = m_request.config.recipe;
    if (!engine::readsUnlabelled(recipe) && info.ours && info.labels == m_request.labels &&
        info.rule.task == m_request.config.task)
        return {};  // goes on from an own checkpoint of the same classes and kind: its head is better than a fresh one
    engine::HeadFitData data;
    data.labels = m_request.train.labels;
    data.combinations = m_request.train.combinations;
    data.classes = static_cast<int>(m_request.labels.size());
    data.groups = m_request.train.groups;
    data.taught = m_request.train.taught;
    data.weights.assign(m_request.train.weights.begin(), m_request.train.weights.end());
    if (const auto &ofClass = m_lesson.classWeights(); !ofClass.empty()) {
        data.weights.resize(data.labels.size(), 1);
        for (size_t i = 0; i < data.labels.size(); ++i)
            data.weights[i] *= ofClass[static_cast<size_t>(data.labels[i])];
    }
    data.extraLabels = m_request.extra.labels;
    data.wantsCurve = !m_request.checkpoints.empty();  // nobody reads that of a fold
    data.seed = m_request.config.seed;
    base::WorkContext reading = m_context;
    reading.report = [&](const base::Progress &p) { m_context.report({p.done, p.total, "Reading the rows"}); };
    auto features = TRY(featuresOf(m_request.train.texts, reading));
    data.features = std::move(features);
    if (!m_request.extra.texts.empty()) {
        data.extraFeatures = TRY(featuresOf(m_request.extra.texts, {m_context.stop}));
    }
    auto unlabelled = TRY(readUnlabelled(data));
    auto fit = TRY(nets::fitHead(data, m_context));
    m_classifier.setHead(fit.head);
    if (recipe == Recipe::SelfTraining && data.unlabelledFeatures.rows > 0) {
        // What the head thinks of each, with more confidence than it has: the sharper, the less of its doubt is
        // learned.
        const auto logits = m_classifier.logits(toTensor(data.unlabelledFeatures).to(m_classifier.device()));
        m_lesson.add(unlabelled, at::softmax(logits * Sharpness, 1).to(at::kCPU));
    }
    m_summary.l2 = fit.l2;
    m_summary.extraWeight = fit.extraWeight;
    m_summary.selfTraining = fit.selfTraining;
    m_summary.curve = std::move(fit.curve);
    m_summary.heldOutLogits = std::move(fit.heldOutLogits);
    return {};
}

Result<void> Run::finishEpoch(EpochResult &result, AdamW &optimiser, TrainingState &state)
{
    const LoraAdapters::Merged merged(m_adapters ? &*m_adapters : nullptr);
    if (!m_request.validation.empty()) {
        result.validationLogits = TRY(m_classifier.run(m_request.validation, true, m_context));
    }
    if (!m_request.test.empty()) {
        result.testLogits = TRY(m_classifier.run(m_request.test, true, m_context));
    }
    auto verdict = TRY(m_observer.onEpoch(result));
    m_isLast = verdict.isLast;
    m_summary.epochsDone = result.epoch;
    if (m_request.checkpoints.empty())
        return {};
    if (auto written =
            writeCheckpoint(m_request.checkpoints, state, learned(optimiser), m_request, verdict.calibration);
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

AdamW Run::makeOptimiser()
{
    const auto &config = m_request.config;
    const int layers = m_classifier.info().encoder.layers;
    // By how far they are below the top layer: matrices, which weight decay shrinks, and the rest.
    std::map<int, std::array<ParameterGroup, 2>> below;
    const TrainableVisitor sorted = [&](const at::Tensor &tensor, bool decays, int layer) {
        const int depth = config.layerDecay < 1 ? std::max(0, layers - 1 - layer) : 0;
        auto &group = below[depth][decays ? 0 : 1];
        group.learningRate = config.learningRate * std::pow(config.layerDecay, depth);
        group.weightDecay = decays ? config.weightDecay : 0;
        group.parameters.push_back(tensor);
    };
    if (const auto *words = m_pass->words())
        sorted(*words, true, -1);
    if (m_adapters) {
        m_adapters->visit([&](const std::string &, at::Tensor &t) { sorted(t, true, layers); });
    } else {
        m_classifier.encoder().visitTrainable(sorted, m_pass->firstLayer());
        if (m_classifier.info().pooling == engine::Pooling::Native) {
            visitTrainable(sorted, m_classifier.nativeDense(), layers);
            if (m_classifier.nativeNorm().weight.defined())
                visitTrainable(sorted, m_classifier.nativeNorm(), layers);
        }
    }
    std::vector<ParameterGroup> groups;
    for (auto &[depth, pair] : below)
        groups.insert(groups.end(), std::make_move_iterator(pair.begin()), std::make_move_iterator(pair.end()));
    groups.push_back({{m_classifier.head().weight}, config.headLearningRate, config.weightDecay});
    groups.push_back({{m_classifier.head().bias}, config.headLearningRate, 0});
    for (auto &group : groups) {
        for (auto &parameter : group.parameters)
            parameter.set_requires_grad(true);
    }
    return AdamW(std::move(groups));
}

Result<void> Run::prepare()
{
    auto pass = TRY(TextPass::prepare(m_classifier, m_lesson.passages(), m_request, m_context));
    m_pass.emplace(std::move(pass));
    const auto &config = m_request.config;
    if (config.recipe != Recipe::Lora)
        return {};
    auto adapters = TRY(LoraAdapters::attach(m_classifier.encoder(), config.lora(), m_pass->firstLayer(), config.seed));
    m_adapters.emplace(std::move(adapters));
    return {};
}

/// The loss of a batch; its gradients are in the parameters. Throws when memory runs out.
Result<double> Run::gatherGradients(const engine::Batch &batch, uint64_t seed, Dropout &dropout)
{
    dropout.restart(seed);
    const auto most = static_cast<size_t>(m_microBatch);
    const engine::Batch passages = m_lesson.passagesOf(batch);
    double batchLoss = 0;
    for (size_t from = 0; from < passages.size(); from += most) {
        if (m_context.stopRequested())
            return base::cancelled();
        if (base::failpoint("train.memory"))
            throw std::bad_alloc();
        const std::span<const size_t> part(passages.data() + from, std::min(most, passages.size() - from));
        const auto loss = [&](const at::Tensor &pooled) {
            const auto logits = m_classifier.logits(dropout.apply(pooled));
            return m_lesson.lossSum(logits, part) / static_cast<double>(batch.size());
        };
        batchLoss += m_pass->learn(part, loss, dropout);
    }
    return batchLoss;
}

Result<double> Run::trainEpoch(int epoch, TrainingState &state, AdamW &optimiser, Dropout &dropout)
{
    const auto &config = m_request.config;
    const int64_t totalSteps = m_lesson.stepsPerEpoch() * (config.epochs - (beginsWithHead() ? 1 : 0));
    const auto start = Clock::now();
    double lossSum = 0;
    size_t rowsDone = 0;
    for (const auto &batch : m_lesson.batches(epoch)) {
        const auto stepSeed = base::subSeed(config.seed, 0x5EEDULL + static_cast<uint64_t>(state.step));
        std::optional<Result<double>> gathered;
        while (!gathered) {
            try {
                gathered = gatherGradients(batch, stepSeed, dropout);
            } catch (const std::exception &e) {
                if (!isOutOfMemory(e) || m_microBatch == 1)
                    throw;
                optimiser.dropGradients();
                m_microBatch =
                    std::max(1, std::min(m_microBatch, static_cast<int>(m_lesson.passagesOf(batch).size())) / 2);
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
        const double norm = config.maxGradNorm > 0 ? optimiser.clipGradients(config.maxGradNorm) : 0;
        const double factor = engine::scheduleFactor(config.schedule, state.step, totalSteps, config.warmupRatio);
        optimiser.step(factor);
        ++state.step;
        rowsDone += batch.size();
        lossSum += batchLoss * static_cast<double>(batch.size());
        m_observer.onStep({state.step, totalSteps, batchLoss, config.learningRate * factor,
                           static_cast<double>(rowsDone) / secondsSince(start), norm});
        m_context.report({state.step, totalSteps, "Training"});
    }
    return lossSum / static_cast<double>(rowsDone);
}

Result<void> Run::finetune()
{
    const auto &config = m_request.config;
    TRY(prepare());
    AdamW optimiser = makeOptimiser();
    TrainingState state;
    state.l2 = m_summary.l2;
    state.extraWeight = m_summary.extraWeight;
    if (m_request.resume) {
        if (const int epoch = newestResumableEpoch(m_request.checkpoints); epoch > 0) {
            const at::NoGradGuard guard;
            auto read = TRY(readTrainingState(m_request.checkpoints, epoch, learned(optimiser)));
            state = read;
            m_summary.l2 = state.l2;
            m_summary.extraWeight = state.extraWeight;
        }
    }
    Dropout dropout(config.dropout, m_classifier.device());
    const double before = state.seconds;
    double trainSeconds = 0;
    if (beginsWithHead() && state.epoch == 0) {
        state.epoch = 1;
        state.seconds = secondsSince(m_start);
        EpochResult head;
        head.epoch = 1;
        head.seconds = state.seconds;
        if (m_request.validation.empty())
            head.validationLogits = m_summary.heldOutLogits;
        TRY(finishEpoch(head, optimiser, state));
    }
    const int firstEpoch = state.epoch + 1;
    for (int epoch = firstEpoch; epoch <= config.epochs; ++epoch) {
        const auto epochStart = Clock::now();
        auto loss = TRY(trainEpoch(epoch, state, optimiser, dropout));
        trainSeconds += secondsSince(epochStart);
        m_pass->keepWords();
        state.epoch = epoch;
        state.seconds = before + secondsSince(m_start);
        EpochResult result;
        result.epoch = epoch;
        result.trainLoss = loss;
        result.seconds = secondsSince(epochStart);
        TRY(finishEpoch(result, optimiser, state));
        if (m_isLast)
            break;
    }
    if (!m_request.checkpoints.empty())
        removeTrainingStates(m_request.checkpoints);
    m_summary.epochsDone = state.epoch;
    m_summary.seconds = before + secondsSince(m_start);
    const int epochsHere = std::max(1, state.epoch - firstEpoch + 1);
    m_summary.rowsPerSecond = static_cast<double>(m_lesson.rows()) * epochsHere / std::max(trainSeconds, 1e-9);
    return {};
}

}  // namespace

Result<engine::TrainSummary> train(const TrainRequest &request, engine::TrainObserver &observer,
                                   const base::WorkContext &context)
{
    useThreads(request.config.threads);
    const Recipe recipe = request.config.recipe;
    const int resumable = request.resume ? newestResumableEpoch(request.checkpoints) : 0;
    const bool goesOn = resumable > 0 && recipe != Recipe::Seconds;
    // What unlabelled rows are taken for, only the first head tells, also when the run goes on. Adapters go on beside
    // the base weights: in the checkpoint they are merged.
    const bool needsHead = !goesOn || recipe == Recipe::SelfTraining || recipe == Recipe::Lora;
    const auto reached = request.checkpoints / std::to_string(resumable);
    auto classifier = TRY(SequenceClassifier::load(needsHead ? request.base : reached, computeDevice()));
    const auto classes = static_cast<int64_t>(request.labels.size());
    if (!needsHead)
        classifier->keepClasses(classes);
    classifier->readInWindows(request.windows);
    Run run(request, observer, context, *classifier);
    if (needsHead) {
        TRY(run.fitHead());
    }
    // A resumed run reads the weights of its newest epoch: they are exactly what was in memory then.
    if (goesOn && needsHead && recipe != Recipe::Lora) {
        auto later = TRY(SequenceClassifier::load(reached, computeDevice()));
        later->keepClasses(classes);
        *classifier = std::move(*later);
        classifier->readInWindows(request.windows);
    }
    TRY(recipe == Recipe::Seconds ? run.seconds() : run.finetune());
    return run.summary();
}

}  // namespace nets
