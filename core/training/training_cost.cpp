// SPDX-License-Identifier: Apache-2.0
#include "core/training/training_cost.h"

#include "core/base/spread.h"
#include "core/engine/nets_loader.h"
#include "core/training/disk_fit.h"
#include "core/training/memory_fit.h"
#include "core/training/train_material.h"
#include "core/training/train_plan.h"
#include "core/training/training_budget.h"

#include <algorithm>
#include <chrono>

using base::failure;
using base::Result;
using engine::Recipe;
using engine::TokenIds;

namespace core {

namespace {

/// A part of the rows is learned from in batches of about so many tokens: a second for small weights.
constexpr int64_t BatchTokens = 1500;
constexpr int Batches = 4;
/// Bytes of checkpoints, synced: a common disk. For large weights seconds a pass.
constexpr double WrittenPerSecond = 250e6;

/// Evenly over all texts that are learned from.
std::vector<TokenIds> sample(const engine::TrainRequest &request, size_t wanted)
{
    const auto &labelled = request.train.texts;
    const size_t all = labelled.size() + request.unlabelled.size();
    std::vector<TokenIds> texts;
    for (const size_t row : base::spreadPlaces(all, wanted))
        texts.push_back(row < labelled.size() ? labelled[row] : request.unlabelled[row - labelled.size()]);
    return texts;
}

class SecondPass final : public engine::TrainObserver {
public:
    base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override
    {
        seconds = epoch.seconds;
        return engine::EpochVerdict();
    }
    double seconds = 0;  ///< of the last pass: the first one also warms up
};

Result<TrainingSpeed> measure(engine::Nets &nets, const engine::TrainRequest &request, const base::WorkContext &context)
{
    const auto &config = request.config;
    const int64_t rows = static_cast<int64_t>(request.train.texts.size() + request.unlabelled.size());
    const int64_t mean = std::max<int64_t>(1, (tokensOf(request.train.texts) + tokensOf(request.unlabelled)) / rows);
    const auto batch = std::clamp<int64_t>(BatchTokens / mean, 1, config.batchSize);
    const auto texts = sample(request, static_cast<size_t>(batch * Batches));
    TrainingSpeed speed;
    {
        auto embedder = TRY(nets.loadEmbedder(request.base, config.threads, request.windows));
        for (int pass = 0; pass < 2; ++pass) {  // the first one also warms up
            const auto start = std::chrono::steady_clock::now();
            TRY(embedder->features(texts, {context.stop}));
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            speed.read = static_cast<double>(tokensOf(texts)) / std::max(seconds, 1e-6);
        }
    }
    if (config.recipe == Recipe::Seconds)
        return speed;
    engine::TrainRequest part;
    part.base = request.base;
    part.windows = request.windows;
    part.config = config;
    part.config.task = engine::TaskType::SingleLabel;
    part.config.recipe = config.recipe == Recipe::Lora ? Recipe::Lora : Recipe::Finetune;
    part.config.balance = engine::Balance::None;
    part.config.rejectClass.clear();
    part.config.rebalance.clear();
    part.config.epochs = 2;
    part.config.batchSize = part.config.microBatch = static_cast<int>(batch);
    part.labels = {"a", "b"};
    part.train.texts = texts;
    for (size_t i = 0; i < texts.size(); ++i)
        part.train.labels.push_back(static_cast<int>(i % 2));
    SecondPass pass;
    TRY(nets.train(part, pass, {context.stop}));
    speed.learn = static_cast<double>(tokensOf(texts)) / std::max(pass.seconds, 1e-6);
    return speed;
}

/// Fitting a head in cross-validation, see nets::fitHead: rows x features x classes in each of many searches. The rates
/// were measured on sets of 1,800 to 10,000 rows and are right within a third.
double headSeconds(const engine::TrainRequest &request, int64_t hidden, double trainRows, double unlabelledRows)
{
    constexpr double LargeProblem = 100'000;
    const auto classes = static_cast<double>(request.labels.size());
    const bool isLarge = trainRows * classes > LargeProblem;
    const double rate = isLarge ? 125e6 : 33e6;
    const double searches = isLarge ? 9 : request.extra.texts.empty() ? 20 : 60;
    const double rounds = 3 * (5 + 1);  // five folds, then all rows
    return (searches * trainRows + rounds * unlabelledRows) * static_cast<double>(hidden) * classes / rate;
}

/// What a training computes with, as shares of all rows.
struct Part {
    double train = 1, unlabelled = 1;
    double exam = 0;        ///< tokens, scored after each pass
    bool readsRows = true;  ///< else their features are known
};

/// Tokens of each phase over its speed.
double secondsOf(const TrainMaterial &material, const TrainingSpeed &speed)
{
    const auto &request = material.request;
    const auto &config = request.config;
    const auto &encoder = material.encoder;
    const bool selfTrains = config.recipe == Recipe::SelfTraining;
    const auto tokens = [](const std::vector<TokenIds> &texts) { return static_cast<double>(tokensOf(texts)); };
    const double train = tokens(request.train.texts);
    const double read = tokens(request.unlabelled);
    const auto reads = [&](double count) { return count / speed.read; };
    const double below =
        config.topLayers > 0 ? 1 - std::min(1.0, static_cast<double>(config.topLayers) / encoder.layers) : 0;
    const auto once = [&](const Part &part) {
        const double rows = part.readsRows ? part.train * train + read + tokens(request.extra.texts) : 0;
        const double head = reads(rows) + headSeconds(request, encoder.hiddenSize,
                                                      part.train * static_cast<double>(request.train.texts.size()),
                                                      part.unlabelled * static_cast<double>(request.unlabelled.size()));
        if (config.recipe == Recipe::Seconds)
            return head + reads(part.exam);
        const double learned = part.train * train + (selfTrains ? part.unlabelled * read : 0);
        const int passes = config.epochs - (selfTrains ? 1 : 0);
        return head + reads(below * learned) + passes * learned / speed.learn + config.epochs * reads(part.exam);
    };
    const double seconds = once({.exam = tokens(request.test) + tokens(request.validation)});
    if (!request.validation.empty() || config.recipe == Recipe::Seconds)
        return seconds;
    const FoldPlan plan = planFolds(request);
    const double folds = plan.folds, all = static_cast<double>(std::max<size_t>(1, request.unlabelled.size()));
    // Self-training's own pass has read the rows by then.
    return seconds +
           folds * once({1 - 1 / folds, static_cast<double>(plan.unlabelled) / all, train / folds, !selfTrains});
}

}  // namespace

Result<TrainingCost> estimateTraining(const Service &service, const TrainOptions &options,
                                      const base::WorkContext &context, const TrainingSpeed *known)
{
    auto nets = TRY(engine::openNets());
    auto plan = TRY(planTraining(service, options));
    auto &config = plan.info.config;
    auto material = TRY(prepareMaterial(service, plan.info, plan.notes));
    if (material.request.train.texts.empty())
        return failure(base::ErrorCode::Blocked, "There are no rows to train on. Import or type labelled rows.",
                       service.folder().string());
    const auto sizes = material.sizes();
    const bool onGpu = nets->device().gpu;
    if (!onGpu) {
        auto fitting =
            TRY(microBatchThatFits(material.encoder, config, sizes, plan.info.labels.size(), plan.info.base));
        config.microBatch = std::min(config.microBatch, fitting);
    }
    material.request.config = config;
    TrainingCost cost;
    cost.recipe = engine::name(config.recipe);
    cost.rows = static_cast<int64_t>(material.request.train.texts.size());
    cost.unlabelled = static_cast<int64_t>(material.request.unlabelled.size());
    cost.epochs = config.epochs;
    cost.crossValidates = material.request.validation.empty() && config.recipe != Recipe::Seconds;
    if (known) {
        cost.speed = *known;
    } else {
        auto speed = TRY(measure(*nets, material.request, context));
        cost.speed = speed;
    }
    cost.seconds = secondsOf(material, cost.speed);
    const size_t classes = plan.info.labels.size();
    cost.memoryBytes = onGpu ? 0 : engine::trainingMemory(material.encoder, config, sizes, classes);
    cost.diskBytes = diskOfRun(material.encoder, plan.info, sizes);
    auto pass = config;
    pass.epochs = 1;
    cost.seconds += config.epochs * static_cast<double>(engine::trainingDisk(material.encoder, pass, sizes, classes)) /
                    WrittenPerSecond;
    return cost;
}

}  // namespace core
