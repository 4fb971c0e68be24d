// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/weights_catalogue.h"
#include "core/classify/quick_classifier.h"
#include "core/engine/nets_loader.h"
#include "core/rows/text_input.h"
#include "core/training/recipe_choice.h"
#include "tests/bench/benches.h"
#include "tests/bench/draws.h"
#include "tests/bench/value_or_throw.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <optional>
#include <thread>

namespace bench {

namespace {

/// Texts are read once, whichever draws they are in.
class Reader {
public:
    Reader() : m_reader(value(core::FeatureReader::open(int(std::max(1U, std::thread::hardware_concurrency()))))) { }

    engine::Matrix read(const std::vector<std::string> &texts)
    {
        engine::Matrix all;
        constexpr size_t Part = 2000;
        for (size_t first = 0; first < texts.size(); first += Part) {
            const auto end = texts.begin() + static_cast<std::ptrdiff_t>(std::min(first + Part, texts.size()));
            const auto part = value(m_reader->read({texts.begin() + static_cast<std::ptrdiff_t>(first), end}, {}));
            if (all.columns == 0)
                all = engine::Matrix(texts.size(), part.columns);
            std::copy(part.values.begin(), part.values.end(), all.row(first).begin());
        }
        return all;
    }

private:
    std::shared_ptr<core::FeatureReader> m_reader;
};

/// A draw as a head sees it.
struct HeadDraw {
    engine::HeadFitData data;  ///< with the unlabelled rows
    engine::Matrix exam;
    std::vector<int> truth;

    HeadDraw(const Draw &draw, Reader &reader) : truth(draw.truth)
    {
        data.labels = draw.labels;
        for (size_t i = 0; i < draw.classes.size(); ++i)
            data.extraLabels.push_back(static_cast<int>(i));
        data.features = reader.read(draw.train);
        data.extraFeatures = reader.read(draw.names);
        data.unlabelledFeatures = reader.read(draw.unlabelled);
        exam = reader.read(draw.exam);
    }
};

double accuracy(const engine::Matrix &logits, const std::vector<int> &truth)
{
    return static_cast<double>(core::countRight(logits, {}, truth)) / static_cast<double>(truth.size());
}

double accuracy(const engine::LinearHead &head, const HeadDraw &draw)
{
    return accuracy(core::linearLogits(head, draw.exam), draw.truth);
}

struct Mean {
    std::vector<double> values;

    [[nodiscard]] double mean() const
    {
        double sum = 0;
        for (const double v : values)
            sum += v;
        return sum / static_cast<double>(values.size());
    }
    /// Standard error of the mean; 0 of a single value.
    [[nodiscard]] double error() const
    {
        double squares = 0;
        for (const double v : values)
            squares += (v - mean()) * (v - mean());
        const auto n = static_cast<double>(values.size());
        return n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
    }
};

void measure(const PublicSet &set, Reader &reader, int draws, uint64_t firstSeed)
{
    auto *nets = value(engine::openNets());
    Mean alone, named, selfTrained;
    double cpu = 0;
    int used = 0;
    for (int round = 0; round < draws; ++round) {
        const HeadDraw drawn(drawFrom(set, firstSeed + static_cast<uint64_t>(round)), reader);
        engine::HeadFitData data = drawn.data;
        data.unlabelledFeatures = {};
        named.values.push_back(accuracy(value(nets->fitHead(data, {})).head, drawn));
        data.extraFeatures = {};
        data.extraLabels = {};
        alone.values.push_back(accuracy(value(nets->fitHead(data, {})).head, drawn));
        const std::clock_t begin = std::clock();
        const auto fit = value(nets->fitHead(drawn.data, {}));
        cpu += static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        used += fit.selfTraining.used ? 1 : 0;
        selfTrained.values.push_back(accuracy(fit.head, drawn));
    }
    const nlohmann::ordered_json line{{"set", set.name},
                                      {"draws", draws},
                                      {"regression", alone.mean()},
                                      {"with_class_names", named.mean()},
                                      {"self_trained", selfTrained.mean()},
                                      {"standard_error", selfTrained.error()},
                                      {"self_training_used", used},
                                      {"fit_cpu_seconds", cpu / draws}};
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

/// The rows of the first half of each class.
HeadDraw halved(const HeadDraw &draw)
{
    std::map<int, size_t> of, taken;
    for (const int label : draw.data.labels)
        ++of[label];
    HeadDraw half = draw;
    half.data.labels.clear();
    std::vector<size_t> rows;
    for (size_t i = 0; i < draw.data.labels.size(); ++i) {
        const int label = draw.data.labels[i];
        if (taken[label]++ < of[label] / 2) {
            rows.push_back(i);
            half.data.labels.push_back(label);
        }
    }
    half.data.features = engine::Matrix(rows.size(), draw.data.features.columns);
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto row = draw.data.features.row(rows[i]);
        std::copy(row.begin(), row.end(), half.data.features.row(i).begin());
    }
    return half;
}

/// What the learning curve says of twice the rows, beside what they bring on the exam.
void measureForecast(PublicSet set, Reader &reader, int draws, uint64_t firstSeed)
{
    auto *nets = value(engine::openNets());
    Mean forecast, actual, error;
    int inside = 0;
    set.rowsPerClass *= 2;
    for (int round = 0; round < draws; ++round) {
        HeadDraw whole(drawFrom(set, firstSeed + static_cast<uint64_t>(round)), reader);
        whole.data.unlabelledFeatures = {};
        HeadDraw half = halved(whole);
        half.data.wantsCurve = true;
        const auto fit = value(nets->fitHead(half.data, {}));
        const double gain = accuracy(value(nets->fitHead(whole.data, {})).head, whole) - accuracy(fit.head, whole);
        forecast.values.push_back(fit.curve.gain);
        actual.values.push_back(gain);
        error.values.push_back(std::abs(fit.curve.gain - gain));
        inside += gain >= fit.curve.interval.low && gain <= fit.curve.interval.high ? 1 : 0;
    }
    const nlohmann::ordered_json line{{"set", set.name},       {"draws", draws},         {"forecast", forecast.mean()},
                                      {"gain", actual.mean()}, {"off_by", error.mean()}, {"in_interval", inside}};
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

/// Examines each epoch.
class Examiner final : public engine::TrainObserver {
public:
    explicit Examiner(std::map<int, Mean> &epochs, const std::vector<int> &truth) : m_epochs(epochs), m_truth(truth) { }

    base::Result<engine::EpochVerdict> onEpoch(const engine::EpochResult &epoch) override
    {
        m_epochs[epoch.epoch].values.push_back(accuracy(epoch.testLogits, m_truth));
        return engine::EpochVerdict();
    }

private:
    std::map<int, Mean> &m_epochs;
    const std::vector<int> &m_truth;
};

/// Whole trainings by one recipe, each epoch examined.
void measureRecipe(const PublicSet &set, int draws, uint64_t firstSeed, const engine::TrainingConfig &config)
{
    auto *nets = value(engine::openNets());
    const auto folder = value(core::findWeights(core::DefaultWeights));
    auto input = value(core::TextInput::open(folder, value(engine::readWeightsInfo(folder))));
    input.maxLength = config.maxLength;
    std::map<int, Mean> epochs;
    double cpu = 0;
    for (int round = 0; round < draws; ++round) {
        const auto seed = firstSeed + static_cast<uint64_t>(round);
        const Draw draw = drawFrom(set, seed, config.recipe);
        engine::TrainRequest request;
        request.base = folder;
        request.config = config;
        request.config.seed = seed;
        if (config.epochs == 0)
            request.config.epochs = core::defaultEpochs(config.recipe, {static_cast<int64_t>(draw.train.size()),
                                                                        static_cast<int64_t>(draw.unlabelled.size()),
                                                                        static_cast<int64_t>(draw.classes.size())});
        request.labels = draw.classes;
        request.train.texts = input.read(draw.train);
        request.train.labels = draw.labels;
        request.extra.texts = input.read(draw.names);
        for (size_t i = 0; i < draw.classes.size(); ++i)
            request.extra.labels.push_back(static_cast<int>(i));
        request.unlabelled = input.read(draw.unlabelled);
        request.test = input.read(draw.exam);
        Examiner examiner(epochs, draw.truth);
        const std::clock_t begin = std::clock();
        static_cast<void>(value(nets->train(request, examiner, {})));
        cpu += static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    }
    nlohmann::ordered_json line{{"set", set.name}, {"recipe", engine::name(config.recipe)}, {"draws", draws}};
    for (const auto &[epoch, accuracies] : epochs) {
        line["epochs"].push_back(accuracies.mean());
        line["standard_errors"].push_back(accuracies.error());
    }
    line["cpu_seconds"] = cpu / draws;
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

engine::TrainingConfig configOf(const Arguments &arguments, engine::Recipe recipe)
{
    engine::TrainingConfig config;
    config.recipe = recipe;
    config.threads = static_cast<int>(arguments.number("threads", std::max(1U, std::thread::hardware_concurrency())));
    config.epochs = static_cast<int>(arguments.number("epochs", 0));
    config.learningRate = arguments.number("lr", config.learningRate);
    config.headLearningRate = arguments.number("head-lr", config.headLearningRate);
    return config;
}

}  // namespace

int qualityBench(const Arguments &arguments)
{
    const std::string data = arguments.options.at("data");
    const auto draws = static_cast<int>(arguments.number("draws", 10));
    const auto seed = static_cast<uint64_t>(arguments.number("seed", 1));
    const auto option = [&](const char *name) {
        const auto found = arguments.options.find(name);
        return found == arguments.options.end() ? std::string() : found->second;
    };
    const auto recipe = engine::named<engine::Recipe>(option("recipe"));
    std::optional<Reader> reader;
    for (const auto &set : arguments.options.contains("goals") ? goalSets(data) : developmentSuite(data)) {
        if (!set.name.starts_with(option("set")))
            continue;
        // A head of the whole pool is always the same; a training differs by its seed.
        const int headDraws = set.rowsPerClass == 0 ? 1 : draws;
        if (arguments.options.contains("forecast"))
            measureForecast(set, reader ? *reader : reader.emplace(), draws, seed);
        else if (recipe)
            measureRecipe(set, draws, seed, configOf(arguments, *recipe));
        else
            measure(set, reader ? *reader : reader.emplace(), headDraws, seed);
    }
    return 0;
}

}  // namespace bench
