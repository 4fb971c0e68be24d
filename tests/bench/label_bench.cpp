// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.h"
#include "core/classify/quick_classifier.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/nets_loader.h"
#include "core/quality/label_errors.h"
#include "tests/bench/benches.h"
#include "tests/bench/rows.h"
#include "tests/bench/value_or_throw.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <numeric>
#include <thread>

namespace bench {

namespace {

/// Area under precision against recall, as scikit-learn's average_precision_score: `isError` in order of suspicion.
double averagePrecision(const std::vector<bool> &isError)
{
    double found = 0, sum = 0;
    for (size_t i = 0; i < isError.size(); ++i) {
        if (isError[i])
            sum += ++found / static_cast<double>(i + 1);
    }
    return found > 0 ? sum / found : 0;
}

/// Rows with labels of which a share is wrong.
struct Noisy {
    std::vector<std::string> texts;
    std::vector<std::vector<int>> labels;  ///< of each row
    std::vector<bool> flipped;
    size_t classes = 0;
};

/// One label a row: another one. Several: one is left out, added or exchanged.
void spoil(std::vector<int> &labels, size_t classes, bool several, base::Random &random)
{
    const auto place = labels.begin() + static_cast<std::ptrdiff_t>(labels.empty() ? 0 : random.below(labels.size()));
    int other = 0;
    do
        other = static_cast<int>(random.below(classes));
    while (std::find(labels.begin(), labels.end(), other) != labels.end());
    const size_t kind = !several ? 2 : labels.empty() ? 1 : random.below(3);
    if (kind == 0)
        labels.erase(place);
    else if (kind == 1 || labels.empty())
        labels.push_back(other);
    else
        *place = other;
    std::sort(labels.begin(), labels.end());
}

Noisy spoiledRows(const std::string &path, double share, bool several, base::Random &random)
{
    Noisy noisy;
    const auto rows = readRows(path);
    std::map<std::string, int> classes;
    for (const Row &row : rows) {
        for (const std::string &label : row.labels)
            classes.emplace(label, 0);
    }
    int count = 0;
    for (auto &[name, index] : classes)
        index = count++;
    noisy.classes = classes.size();
    for (const Row &row : rows) {
        std::vector<int> labels;
        for (const std::string &label : row.labels)
            labels.push_back(classes.at(label));
        std::sort(labels.begin(), labels.end());
        const bool flip = random.uniform() < share;
        if (flip)
            spoil(labels, noisy.classes, several, random);
        noisy.texts.push_back(row.text);
        noisy.labels.push_back(labels);
        noisy.flipped.push_back(flip);
    }
    return noisy;
}

}  // namespace

int labelBench(const Arguments &arguments)
{
    base::Random random(static_cast<uint64_t>(arguments.number("seed", 1)));
    const bool several = arguments.number("several", 0) > 0;
    const Noisy noisy = spoiledRows(arguments.positional.at(0), arguments.number("flip", 0.05), several, random);
    engine::HeadFitData data;
    data.classes = static_cast<int>(noisy.classes);
    std::map<std::vector<int>, int> combinations;
    for (size_t i = 0; i < noisy.texts.size(); ++i) {
        const std::string &text = noisy.texts[i];
        data.groups.push_back(static_cast<int64_t>(base::contentHash(text.data(), text.size())));
        if (!several) {
            data.labels.push_back(noisy.labels[i].at(0));
            continue;
        }
        const auto [entry, isNew] = combinations.emplace(noisy.labels[i], static_cast<int>(combinations.size()));
        if (isNew)
            data.combinations.push_back(noisy.labels[i]);
        data.labels.push_back(entry->second);
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    data.features = value(value(core::FeatureReader::open(threads))->read(noisy.texts, {}));
    const auto fit = value(value(engine::openNets())->fitHead(data, {}));
    const auto probabilities =
        engine::probabilitiesWith(engine::calibrate(fit.heldOutLogits, data.labels, data.combinations),
                                  fit.heldOutLogits, engine::taskOf(data.combinations));
    const auto quality = core::labelQuality(probabilities, data.labels, data.combinations);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::vector<size_t> order(noisy.texts.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return quality[a] < quality[b]; });
    std::vector<bool> ranked;
    for (const size_t i : order)
        ranked.push_back(noisy.flipped[i]);
    int64_t named = 0, right = 0;
    for (const auto &doubt : core::findLabelErrors(probabilities, data.labels, data.combinations)) {
        ++named;
        right += noisy.flipped[doubt.row] ? 1 : 0;
    }
    std::printf("{\"rows\":%zu,\"flipped\":%ld,\"average_precision\":%.4f,\"named\":%ld,\"named_flipped\":%ld,"
                "\"seconds\":%.1f}\n",
                noisy.texts.size(), static_cast<long>(std::count(noisy.flipped.begin(), noisy.flipped.end(), true)),
                averagePrecision(ranked), static_cast<long>(named), static_cast<long>(right), seconds);
    if (const auto out = arguments.options.find("out"); out != arguments.options.end()) {
        std::ofstream file(out->second);
        for (size_t i = 0; i < noisy.texts.size(); ++i) {
            const auto row = probabilities.row(i);
            file << nlohmann::json{{several ? "labels" : "label",
                                    several ? nlohmann::json(noisy.labels[i]) : nlohmann::json(noisy.labels[i].at(0))},
                                   {"flipped", static_cast<bool>(noisy.flipped[i])},
                                   {"probabilities", std::vector<float>(row.begin(), row.end())}}
                 << '\n';
        }
    }
    return 0;
}

}  // namespace bench
