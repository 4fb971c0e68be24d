// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/weights_catalogue.h"
#include "core/classify/quick_classifier.h"
#include "core/engine/data/split.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/nets_loader.h"
#include "core/rows/text_input.h"
#include "core/tasks/train_task.h"
#include "core/training/recipe_choice.h"
#include "tests/bench/benches.h"
#include "tests/bench/draws.h"
#include "tests/bench/value_or_throw.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <thread>

namespace bench {

namespace {

constexpr int Folds = 5;
constexpr size_t ForeignTexts = 300;
constexpr size_t ExamTexts = 400;

/// Logits of rows left out, of the exam and of another set's texts, by one training.
struct Logits {
    engine::Matrix heldOut, exam, foreign;
    std::vector<int> labels;  ///< of the rows left out
};

class Trainer {
public:
    explicit Trainer(const engine::TrainingConfig &config)
        : m_config(config), m_folder(value(core::findWeights(core::DefaultWeights))),
          m_input(value(core::TextInput::open(m_folder, value(engine::readWeightsInfo(m_folder))))),
          m_reader(value(core::FeatureReader::open(config.threads))), m_nets(value(engine::openNets()))
    {
        m_input.maxLength = config.maxLength;
    }

    Logits train(const Draw &draw, const std::vector<std::string> &foreign, uint64_t seed)
    {
        return m_config.recipe == engine::Recipe::Seconds ? fitHead(draw, foreign) : fineTune(draw, foreign, seed);
    }

private:
    Logits fitHead(const Draw &draw, const std::vector<std::string> &foreign)
    {
        engine::HeadFitData data;
        data.labels = draw.labels;
        data.features = value(m_reader->read(draw.train, {}));
        data.extraFeatures = value(m_reader->read(draw.names, {}));
        for (size_t i = 0; i < draw.classes.size(); ++i)
            data.extraLabels.push_back(static_cast<int>(i));
        auto fit = value(m_nets->fitHead(data, {}));
        return {std::move(fit.heldOutLogits), core::linearLogits(fit.head, value(m_reader->read(draw.exam, {}))),
                core::linearLogits(fit.head, value(m_reader->read(foreign, {}))), draw.labels};
    }

    /// Keeps the last pass's logits.
    struct Last final : engine::TrainObserver {
        engine::EpochResult epoch;
        base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &done) override
        {
            epoch = done;
            return engine::EpochVerdict();
        }
    };

    /// As core::train does it: cross-validated below the rows that can spare some.
    Logits fineTune(const Draw &draw, const std::vector<std::string> &foreign, uint64_t seed)
    {
        const auto texts = m_input.read(draw.train);
        std::vector<int64_t> groups(texts.size());
        std::iota(groups.begin(), groups.end(), 0);
        const bool holdsOut = static_cast<int64_t>(texts.size()) >= core::FewestForHoldOut;
        const auto folds = engine::stratifiedFolds(draw.labels, groups, Folds, seed);
        Logits logits{engine::Matrix(texts.size(), draw.classes.size()), {}, {}, draw.labels};
        const auto run = [&](const std::vector<size_t> &kept, const std::vector<size_t> &held) {
            engine::TrainRequest request;
            request.base = m_folder;
            request.config = m_config;
            request.config.seed = seed;
            request.config.epochs = core::defaultEpochs(
                m_config.recipe, {static_cast<int64_t>(texts.size()), 0, static_cast<int64_t>(draw.classes.size())});
            request.labels = draw.classes;
            request.extra.texts = m_input.read(draw.names);
            for (size_t i = 0; i < draw.classes.size(); ++i)
                request.extra.labels.push_back(static_cast<int>(i));
            for (const size_t row : kept) {
                request.train.texts.push_back(texts[row]);
                request.train.labels.push_back(draw.labels[row]);
            }
            for (const size_t row : held)
                request.validation.push_back(texts[row]);
            if (holdsOut || held.empty()) {
                request.test = m_input.read(draw.exam);
                const auto more = m_input.read(foreign);
                request.test.insert(request.test.end(), more.begin(), more.end());
            }
            Last last;
            static_cast<void>(value(m_nets->train(request, last, {})));
            return last.epoch;
        };
        engine::EpochResult final;
        std::vector<size_t> all(texts.size());
        std::iota(all.begin(), all.end(), size_t{0});
        for (int f = 0; f < (holdsOut ? 1 : Folds); ++f) {
            std::vector<size_t> kept, held;
            for (const size_t row : all)
                (folds[row] == f ? held : kept).push_back(row);
            final = run(kept, held);
            for (size_t i = 0; i < held.size(); ++i)
                std::ranges::copy(final.validationLogits.row(i), logits.heldOut.row(held[i]).begin());
            if (!holdsOut)
                continue;
            logits.heldOut = final.validationLogits;
            logits.labels.clear();
            for (const size_t row : held)
                logits.labels.push_back(draw.labels[row]);
        }
        if (!holdsOut)
            final = run(all, {});
        logits.exam = part(final.testLogits, 0, draw.exam.size());
        logits.foreign = part(final.testLogits, draw.exam.size(), foreign.size());
        return logits;
    }

    static engine::Matrix part(const engine::Matrix &all, size_t first, size_t rows)
    {
        engine::Matrix some(rows, all.columns);
        for (size_t i = 0; i < rows; ++i)
            std::ranges::copy(all.row(first + i), some.row(i).begin());
        return some;
    }

    engine::TrainingConfig m_config;
    std::filesystem::path m_folder;
    core::TextInput m_input;
    std::shared_ptr<core::FeatureReader> m_reader;
    engine::Nets *m_nets;
};

double logLoss(const engine::Matrix &logits, const std::vector<int> &truth, double temperature)
{
    return engine::classificationReport(engine::softmax(logits, temperature), truth).logLoss;
}

/// Share of the rows that are answered with this confidence and above.
double shareAbove(const engine::Matrix &logits, double temperature, double confidence)
{
    const auto probabilities = engine::softmax(logits, temperature);
    size_t above = 0;
    for (size_t i = 0; i < probabilities.rows; ++i)
        above += std::ranges::max(probabilities.row(i)) >= confidence ? 1 : 0;
    return static_cast<double>(above) / static_cast<double>(std::max<size_t>(probabilities.rows, 1));
}

/// The development suite in more sizes; the last one of 77 and 150 classes would take long.
std::vector<PublicSet> sizes(const std::filesystem::path &data)
{
    std::vector<PublicSet> all;
    const auto suite = developmentSuite(data);
    const auto add = [&](size_t set, int classes, int rows) {
        PublicSet sized = suite[set];
        sized.name =
            sized.name.substr(0, sized.name.find(',')) + ", " + std::to_string(classes) + " x " + std::to_string(rows);
        sized.classes = classes;
        sized.rowsPerClass = rows;
        sized.examRows = ExamTexts;
        all.push_back(std::move(sized));
    };
    add(0, 4, 10), add(0, 8, 6), add(0, 8, 20), add(0, 20, 10);
    add(1, 4, 10), add(1, 10, 5), add(1, 10, 20);
    add(2, 6, 8), add(2, 6, 40);
    add(3, 2, 24), add(3, 2, 100);
    add(4, 6, 8), add(4, 6, 40);
    add(5, 3, 16), add(5, 3, 60);
    return all;
}

}  // namespace

int calibrationBench(const Arguments &arguments)
{
    const auto draws = static_cast<int>(arguments.number("draws", 8));
    const auto firstSeed = static_cast<uint64_t>(arguments.number("seed", 1));
    engine::TrainingConfig config;
    config.recipe = engine::named<engine::Recipe>(arguments.text("recipe", "seconds")).value();
    config.threads = static_cast<int>(arguments.number("threads", std::max(1U, std::thread::hardware_concurrency())));
    Trainer trainer(config);
    const auto sets = sizes(arguments.options.at("data"));
    FILE *dump = arguments.options.contains("dump") ? fopen(arguments.text("dump", {}).c_str(), "w") : nullptr;
    for (const PublicSet &set : sets) {
        if (!set.name.starts_with(arguments.text("set", {})))
            continue;
        const auto other = std::ranges::find_if(
            sets, [&](const PublicSet &candidate) { return candidate.name.substr(0, 3) != set.name.substr(0, 3); });
        std::vector<std::string> foreign;
        for (size_t i = 0; i < ForeignTexts; ++i)
            foreign.push_back(other->pool[i * other->pool.size() / ForeignTexts].text);
        for (int round = 0; round < draws; ++round) {
            const auto seed = firstSeed + static_cast<uint64_t>(round);
            const Draw draw = drawFrom(set, seed);
            const Logits logits = trainer.train(draw, foreign, seed);
            const double temperature = engine::calibrate(logits.heldOut, logits.labels).temperature;
            const nlohmann::ordered_json line{{"set", set.name},
                                              {"seed", seed},
                                              {"temperature", temperature},
                                              {"log_loss", logLoss(logits.exam, draw.truth, temperature)},
                                              {"log_loss_uncalibrated", logLoss(logits.exam, draw.truth, 1)},
                                              {"foreign_surest", shareAbove(logits.foreign, temperature, 0.99)}};
            std::printf("%s\n", line.dump().c_str());
            std::fflush(stdout);
            if (dump) {
                const auto rows = [](const engine::Matrix &m) {
                    nlohmann::json r = nlohmann::json::array();
                    for (size_t i = 0; i < m.rows; ++i) {
                        const auto row = m.row(i);
                        r.push_back(std::vector<float>(row.begin(), row.end()));
                    }
                    return r;
                };
                fprintf(dump, "%s\n",
                        nlohmann::json{{"set", set.name},
                                       {"seed", seed},
                                       {"held", rows(logits.heldOut)},
                                       {"labels", logits.labels},
                                       {"exam", rows(logits.exam)},
                                       {"truth", draw.truth},
                                       {"foreign", rows(logits.foreign)}}
                            .dump()
                            .c_str());
                fflush(dump);
            }
        }
    }
    return 0;
}

}  // namespace bench
