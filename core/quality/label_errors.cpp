// SPDX-License-Identifier: Apache-2.0
#include "core/quality/label_errors.h"

#include <algorithm>

namespace core {

namespace {

/// The other class must be twice as likely: of two that are nearly as likely people know better.
constexpr double MostDoubtful = 1.0 / 3;

/// The mean probability that each class gives the rows labelled so.
std::vector<double> usualConfidence(const engine::Matrix &probabilities, std::span<const int> labels)
{
    std::vector<double> sums(probabilities.columns), counts(probabilities.columns);
    for (size_t i = 0; i < probabilities.rows; ++i) {
        const auto label = static_cast<size_t>(labels[i]);
        sums[label] += static_cast<double>(probabilities.row(i)[label]);
        ++counts[label];
    }
    for (size_t c = 0; c < sums.size(); ++c)
        sums[c] = counts[c] > 0 ? sums[c] / counts[c] : 1.0;
    return sums;
}

}  // namespace

std::vector<double> labelQuality(const engine::Matrix &probabilities, std::span<const int> labels)
{
    std::vector<double> quality(probabilities.rows);
    for (size_t i = 0; i < probabilities.rows; ++i) {
        const auto label = static_cast<size_t>(labels[i]);
        double other = 0;
        for (size_t c = 0; c < probabilities.columns; ++c)
            other = c == label ? other : std::max(other, static_cast<double>(probabilities.row(i)[c]));
        const auto own = static_cast<double>(probabilities.row(i)[label]);
        quality[i] = own + other > 0 ? own / (own + other) : 0.5;
    }
    return quality;
}

std::vector<LabelDoubt> findLabelErrors(const engine::Matrix &probabilities, std::span<const int> labels)
{
    const auto usual = usualConfidence(probabilities, labels);
    const auto quality = labelQuality(probabilities, labels);
    std::vector<LabelDoubt> doubts;
    for (size_t i = 0; i < probabilities.rows; ++i) {
        int confident = -1;
        for (size_t c = 0; c < probabilities.columns; ++c) {
            const float p = probabilities.row(i)[c];
            if (static_cast<double>(p) >= usual[c] &&
                (confident < 0 || p > probabilities.row(i)[static_cast<size_t>(confident)]))
                confident = static_cast<int>(c);
        }
        if (confident >= 0 && confident != labels[i] && quality[i] <= MostDoubtful)
            doubts.push_back({i, confident, quality[i]});
    }
    std::stable_sort(doubts.begin(), doubts.end(), [](const auto &a, const auto &b) { return a.quality < b.quality; });
    return doubts;
}

}  // namespace core
