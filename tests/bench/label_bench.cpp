// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/nets_loader.h"
#include "core/quality/label_errors.h"
#include "core/tasks/quick_classifier.h"
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

}  // namespace

int labelBench(const Arguments &arguments)
{
    const auto rows = readRows(arguments.positional.at(0));
    std::map<std::string, int> classes;
    for (const Row &row : rows)
        classes.emplace(row.label, 0);
    int count = 0;
    for (auto &[name, index] : classes)
        index = count++;
    base::Random random(static_cast<uint64_t>(arguments.number("seed", 1)));
    std::vector<std::string> texts;
    std::vector<bool> flipped;
    engine::HeadFitData data;
    for (const Row &row : rows) {
        const int truth = classes[row.label];
        const bool flip = random.uniform() < arguments.number("flip", 0.05);
        const int other = static_cast<int>(random.below(static_cast<size_t>(count) - 1));
        texts.push_back(row.text);
        flipped.push_back(flip);
        data.labels.push_back(!flip ? truth : other + (other >= truth ? 1 : 0));
        data.groups.push_back(static_cast<int64_t>(base::contentHash(row.text.data(), row.text.size())));
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    data.features = value(value(core::FeatureReader::open(threads))->read(texts, {}));
    const auto fit = value(value(engine::openNets())->fitHead(data, {}));
    const auto probabilities =
        engine::softmax(fit.heldOutLogits, engine::fitTemperature(fit.heldOutLogits, data.labels));
    const auto quality = core::labelQuality(probabilities, data.labels);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::vector<size_t> order(rows.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return quality[a] < quality[b]; });
    std::vector<bool> ranked;
    for (const size_t i : order)
        ranked.push_back(flipped[i]);
    int64_t named = 0, right = 0;
    for (const auto &doubt : core::findLabelErrors(probabilities, data.labels)) {
        ++named;
        right += flipped[doubt.row] ? 1 : 0;
    }
    std::printf("{\"rows\":%zu,\"flipped\":%ld,\"average_precision\":%.4f,\"named\":%ld,\"named_flipped\":%ld,"
                "\"seconds\":%.1f}\n",
                rows.size(), static_cast<long>(std::count(flipped.begin(), flipped.end(), true)),
                averagePrecision(ranked), static_cast<long>(named), static_cast<long>(right), seconds);
    if (const auto out = arguments.options.find("out"); out != arguments.options.end()) {
        std::ofstream file(out->second);
        for (size_t i = 0; i < rows.size(); ++i) {
            const auto row = probabilities.row(i);
            file << nlohmann::json{{"label", data.labels[i]},
                                   {"flipped", static_cast<bool>(flipped[i])},
                                   {"probabilities", std::vector<float>(row.begin(), row.end())}}
                 << '\n';
        }
    }
    return 0;
}

}  // namespace bench
