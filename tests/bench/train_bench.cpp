// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/memory_estimate.h"
#include "core/engine/data/split.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/nets_loader.h"
#include "core/engine/text/tokenizer_loader.h"
#include "tests/bench/benches.h"
#include "tests/bench/rows.h"

#include <cstdio>
#include <ctime>
#include <map>
#include <thread>

namespace bench {

namespace {

class Printer final : public engine::TrainObserver {
public:
    explicit Printer(std::vector<int> testLabels) : m_testLabels(std::move(testLabels)) { }

    base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override
    {
        const auto report = engine::classificationReport(engine::softmax(epoch.testLogits), m_testLabels);
        std::printf("%s\n", nlohmann::ordered_json{{"bench", "train"},
                                                   {"epoch", epoch.epoch},
                                                   {"train_loss", epoch.trainLoss},
                                                   {"test_accuracy", report.accuracy},
                                                   {"test_log_loss", report.logLoss},
                                                   {"seconds", epoch.seconds}}
                                .dump()
                                .c_str());
        std::fflush(stdout);
        return engine::EpochVerdict();
    }

private:
    std::vector<int> m_testLabels;
};

}  // namespace

int trainBench(const Arguments &arguments)
{
    const auto tokenizer = engine::loadTokenizer(arguments.positional[0]);
    auto nets = engine::openNets();
    if (!tokenizer || !nets)
        throw std::runtime_error(tokenizer ? nets.error().message : tokenizer.error().message);
    engine::TrainRequest request;
    request.base = arguments.positional[0];
    auto &config = request.config;
    config.epochs = static_cast<int>(arguments.number("epochs", config.epochs));
    config.learningRate = arguments.number("lr", config.learningRate);
    config.headLearningRate = arguments.number("head-lr", config.headLearningRate);
    config.batchSize = config.microBatch = static_cast<int>(arguments.number("batch", config.batchSize));
    config.dropout = arguments.number("dropout", config.dropout);
    config.topLayers = static_cast<int>(arguments.number("top-layers", 0));
    config.seed = static_cast<uint64_t>(arguments.number("seed", 123));
    config.threads = static_cast<int>(arguments.number("threads", std::thread::hardware_concurrency()));
    config.recipe = engine::named<engine::Recipe>(arguments.text("recipe", "finetune")).value();
    config.loraRank = static_cast<int>(arguments.number("lora-r", config.loraRank));
    config.loraAlpha = arguments.number("lora-alpha", 2 * config.loraRank);
    config.loraDropout = arguments.number("lora-dropout", 0);
    config.loraTargets = arguments.text("lora-targets", config.loraTargets);
    config.precision = engine::named<engine::Precision>(arguments.text("precision", "automatic")).value();
    config.checkpointsGradients = arguments.number("gradient-checkpointing", 0) > 0;
    std::map<std::string, int> ids;
    const auto trainRows = readRows(arguments.positional[1]);
    const auto testRows = readRows(arguments.positional[2]);
    for (const Row &row : trainRows)
        ids.emplace(row.label, 0);
    for (auto &[name, id] : ids) {
        id = static_cast<int>(request.labels.size());
        request.labels.push_back(name);
    }
    for (const Row &row : trainRows) {
        request.train.texts.push_back((*tokenizer)->encodeForInput(row.text, config.maxLength));
        request.train.labels.push_back(ids.at(row.label));
    }
    std::vector<int> testLabels;
    for (const Row &row : testRows) {
        request.test.push_back((*tokenizer)->encodeForInput(row.text, config.maxLength));
        testLabels.push_back(ids.at(row.label));
    }
    if (arguments.options.contains("unlabelled")) {
        for (const Row &row : readRows(arguments.text("unlabelled", {})))
            request.unlabelled.push_back((*tokenizer)->encodeForInput(row.text, config.maxLength));
    }
    request.checkpoints = arguments.text("checkpoints", {});
    const auto weights = engine::readWeightsInfo(arguments.positional[0]);
    if (!weights)
        throw std::runtime_error(weights.error().message);
    engine::TextSizes sizes;
    sizes.add(request.train.texts);
    sizes.add(request.unlabelled);
    const auto memory = engine::trainingMemory(weights->encoder, config, sizes, request.labels.size());
    Printer printer(testLabels);
    auto summary = (*nets)->train(request, printer, {});
    if (!summary)
        throw std::runtime_error(summary.error().message);
    std::printf("%s\n", nlohmann::ordered_json{{"bench", "train"},
                                               {"device", (*nets)->device().name},
                                               {"seconds", summary->seconds},
                                               {"rows_per_second", summary->rowsPerSecond},
                                               {"estimated_peak_mb", static_cast<double>(memory) / 1e6},
                                               {"l2", summary->l2},
                                               {"cpu_seconds", static_cast<double>(std::clock()) / CLOCKS_PER_SEC}}
                            .dump()
                            .c_str());
    return 0;
}

}  // namespace bench
