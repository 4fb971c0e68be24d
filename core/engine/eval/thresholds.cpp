// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/thresholds.h"

#include <algorithm>
#include <numeric>

namespace engine {

namespace {

constexpr size_t FewestRows = 10;
/// A class with so many rows hears its labels and its probabilities alike.
constexpr double PriorRows = 20;
constexpr float Lowest = 0.02F;
constexpr float Highest = 0.98F;

/// `yes` holds the class's probabilities and `has` whether the row has it.
float bestThreshold(const std::vector<float> &yes, const std::vector<char> &has)
{
    const auto support = static_cast<double>(std::count(has.begin(), has.end(), 1));
    const double trust = support / (support + PriorRows);
    std::vector<size_t> order(yes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return yes[a] > yes[b]; });
    const auto worth = [&](size_t row) { return trust * has[row] + (1 - trust) * static_cast<double>(yes[row]); };
    double all = 0;
    for (const size_t row : order)
        all += worth(row);
    double hits = 0, best = -1;
    float threshold = AnswerThreshold;
    for (size_t n = 0; n < order.size(); ++n) {
        hits += worth(order[n]);
        const float here = yes[order[n]];
        const float next = n + 1 < order.size() ? yes[order[n + 1]] : 0;
        if (here == next)
            continue;  // they come together
        const double f1 = 2 * hits / (static_cast<double>(n + 1) + all);
        if (f1 > best) {
            best = f1;
            threshold = (here + next) / 2;
        }
    }
    return std::clamp(threshold, Lowest, Highest);
}

}  // namespace

std::vector<float> fitThresholds(const Matrix &probabilities, std::span<const int> labels,
                                 const Combinations &combinations)
{
    std::vector<float> thresholds;
    if (combinations.empty() || labels.size() < FewestRows)
        return thresholds;
    for (size_t c = 0; c < probabilities.columns; ++c) {
        std::vector<float> yes(labels.size());
        std::vector<char> has(labels.size());
        for (size_t i = 0; i < labels.size(); ++i) {
            const auto &truth = combinations[static_cast<size_t>(labels[i])];
            yes[i] = probabilities.row(i)[c];
            has[i] = std::binary_search(truth.begin(), truth.end(), static_cast<int>(c)) ? 1 : 0;
        }
        thresholds.push_back(bestThreshold(yes, has));
    }
    return thresholds;
}

}  // namespace engine
