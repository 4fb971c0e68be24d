// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.h"
#include "core/engine/nets_loader.h"
#include "core/quality/text_fold.h"
#include "core/tasks/quick_classifier.h"
#include "tests/bench/benches.h"
#include "tests/bench/public_sets.h"
#include "tests/bench/value_or_throw.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <set>
#include <thread>

namespace bench {

namespace {

/// As many unlabelled rows as a training takes.
constexpr size_t MostUnlabelled = 2000;
/// What tells of a class with a row of its own: larger sets are drawn from some classes only.
constexpr size_t FewestRows = 20;

struct Draw {
    engine::HeadFitData data;  ///< with the unlabelled rows
    engine::Matrix exam;
    std::vector<int> truth;
};

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

std::vector<std::string> drawnClasses(const PublicSet &set, base::Random &random)
{
    std::map<std::string, size_t> counts;
    for (const Row &row : set.pool)
        ++counts[row.label];
    std::vector<std::string> classes;
    for (const auto &[name, count] : counts) {
        if (set.rowsPerClass == 0 || count >= FewestRows)
            classes.push_back(name);
    }
    if (set.classes > 0 && static_cast<size_t>(set.classes) < classes.size()) {
        random.shuffle(classes);
        classes.resize(static_cast<size_t>(set.classes));
        std::sort(classes.begin(), classes.end());
    }
    return classes;
}

Draw draw(const PublicSet &set, Reader &reader, uint64_t seed)
{
    base::Random random(seed);
    const auto classes = drawnClasses(set, random);
    const auto indexOf = [&](const std::string &label) {
        const auto found = std::lower_bound(classes.begin(), classes.end(), label);
        return found != classes.end() && *found == label ? static_cast<int>(found - classes.begin()) : -1;
    };
    std::vector<Row> pool = set.pool;
    random.shuffle(pool);
    std::vector<size_t> taken(classes.size());
    std::vector<std::string> train, exam, unlabelled;
    Draw result;
    const auto addExam = [&](const Row &row) {
        if (const int label = indexOf(row.label); label >= 0) {
            exam.push_back(row.text);
            result.truth.push_back(label);
        }
    };
    for (const Row &row : pool) {
        const int label = indexOf(row.label);
        if (label < 0)
            continue;
        if (set.rowsPerClass == 0 || taken[static_cast<size_t>(label)] < static_cast<size_t>(set.rowsPerClass)) {
            ++taken[static_cast<size_t>(label)];
            train.push_back(row.text);
            result.data.labels.push_back(label);
        } else if (exam.size() < set.examRows) {
            addExam(row);
        } else if (unlabelled.size() < MostUnlabelled) {
            unlabelled.push_back(row.text);
        }
    }
    for (const Row &row : set.exam)
        addExam(row);
    for (const Row &row : set.unlabelled)
        unlabelled.push_back(row.text);
    std::vector<std::string> names;
    for (size_t i = 0; i < classes.size(); ++i) {
        names.push_back(core::spokenName(classes[i]));
        result.data.extraLabels.push_back(static_cast<int>(i));
    }
    result.data.features = reader.read(train);
    result.data.extraFeatures = reader.read(names);
    result.data.unlabelledFeatures = reader.read(unlabelled);
    result.exam = reader.read(exam);
    return result;
}

double accuracy(const engine::LinearHead &head, const Draw &draw)
{
    return static_cast<double>(core::countRight(core::linearLogits(head, draw.exam), {}, draw.truth)) /
           static_cast<double>(draw.truth.size());
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
    const int rounds = set.rowsPerClass == 0 ? 1 : draws;  // the whole pool is always the same
    for (int round = 0; round < rounds; ++round) {
        const Draw drawn = draw(set, reader, firstSeed + static_cast<uint64_t>(round));
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
                                      {"draws", rounds},
                                      {"regression", alone.mean()},
                                      {"with_class_names", named.mean()},
                                      {"self_trained", selfTrained.mean()},
                                      {"standard_error", selfTrained.error()},
                                      {"self_training_used", used},
                                      {"fit_cpu_seconds", cpu / rounds}};
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
}

}  // namespace

int qualityBench(const Arguments &arguments)
{
    const std::string data = arguments.options.at("data");
    const auto draws = static_cast<int>(arguments.number("draws", 10));
    const auto seed = static_cast<uint64_t>(arguments.number("seed", 1));
    Reader reader;
    for (const auto &set : arguments.options.contains("goals") ? goalSets(data) : developmentSuite(data))
        measure(set, reader, draws, seed);
    return 0;
}

}  // namespace bench
