// SPDX-License-Identifier: Apache-2.0
#include "core/quality/label_errors.h"

#include "core/engine/eval/metrics.h"

#include <algorithm>

namespace core {

namespace {

/// The other class must be twice as likely: of two that are nearly as likely people know better.
constexpr double MostDoubtful = 1.0 / 3;
/// A row of many decisions has many chances to be doubted: four times as likely there.
constexpr double MostDoubtfulDecision = 0.2;

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

/// The mean probability that rows with a class, and those without it, are given for that.
struct Usual {
    double with = 1, without = 1;
};

std::vector<Usual> usualDecisions(const engine::Matrix &probabilities, const std::vector<std::vector<int>> &labels)
{
    std::vector<Usual> usual(probabilities.columns);
    for (size_t c = 0; c < usual.size(); ++c) {
        double with = 0, without = 0;
        size_t count = 0;
        for (size_t i = 0; i < probabilities.rows; ++i) {
            const auto p = static_cast<double>(probabilities.row(i)[c]);
            if (std::ranges::binary_search(labels[i], static_cast<int>(c))) {
                with += p;
                ++count;
            } else {
                without += 1 - p;
            }
        }
        if (count > 0)
            usual[c].with = with / static_cast<double>(count);
        if (count < probabilities.rows)
            usual[c].without = without / static_cast<double>(probabilities.rows - count);
    }
    return usual;
}

/// How well a multi-label row's having a class, or not having it, fits. `odds` of a class being a row's, on average.
double decisionQuality(double probability, bool has, double odds)
{
    return has ? probability / (probability + (1 - probability) * odds) : 1 - probability;
}

double averageOdds(const std::vector<std::vector<int>> &labels, size_t classes)
{
    size_t count = 0;
    for (const auto &own : labels)
        count += own.size();
    const auto decisions = static_cast<double>(labels.size() * classes);
    return static_cast<double>(count) / std::max(decisions - static_cast<double>(count), 1.0);
}

std::vector<LabelDoubt> findWrongDecisions(const engine::Matrix &probabilities,
                                           const std::vector<std::vector<int>> &labels)
{
    const auto usual = usualDecisions(probabilities, labels);
    const double odds = averageOdds(labels, probabilities.columns);
    std::vector<LabelDoubt> doubts;
    for (size_t i = 0; i < probabilities.rows; ++i) {
        LabelDoubt doubt{.row = i, .quality = 1};
        for (size_t c = 0; c < usual.size(); ++c) {
            const auto p = static_cast<double>(probabilities.row(i)[c]);
            const bool has = std::ranges::binary_search(labels[i], static_cast<int>(c));
            const double quality = decisionQuality(p, has, odds);
            const bool isWrong =
                quality <= MostDoubtfulDecision && (has ? 1 - p >= usual[c].without : p >= usual[c].with);
            if (has != isWrong)
                doubt.suggested.push_back(static_cast<int>(c));
            doubt.quality = std::min(doubt.quality, quality);
        }
        if (doubt.suggested != labels[i])
            doubts.push_back(std::move(doubt));
    }
    return doubts;
}

std::vector<LabelDoubt> findWrongClasses(const engine::Matrix &probabilities, std::span<const int> labels)
{
    const auto quality = labelQuality(probabilities, labels);
    const auto usual = usualConfidence(probabilities, labels);
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
            doubts.push_back({i, {confident}, quality[i]});
    }
    return doubts;
}

}  // namespace

std::vector<double> labelQuality(const engine::Matrix &probabilities, std::span<const int> labels,
                                 const engine::Combinations &combinations)
{
    const auto own = engine::classesOf(labels, combinations);
    const double odds = averageOdds(own, probabilities.columns);
    std::vector<double> quality(probabilities.rows, 1);
    for (size_t i = 0; i < probabilities.rows; ++i) {
        const auto row = probabilities.row(i);
        double ofLabel = 0, ofOther = 0;
        for (size_t c = 0; c < row.size(); ++c) {
            const auto p = static_cast<double>(row[c]);
            const bool has = std::ranges::binary_search(own[i], static_cast<int>(c));
            double &largest = has ? ofLabel : ofOther;
            largest = std::max(largest, p);
            if (!combinations.empty())
                quality[i] = std::min(quality[i], decisionQuality(p, has, odds));
        }
        if (combinations.empty())
            quality[i] = ofLabel + ofOther > 0 ? ofLabel / (ofLabel + ofOther) : 0.5;
    }
    return quality;
}

std::vector<LabelDoubt> findLabelErrors(const engine::Matrix &probabilities, std::span<const int> labels,
                                        const engine::Combinations &combinations)
{
    auto doubts = combinations.empty() ? findWrongClasses(probabilities, labels)
                                       : findWrongDecisions(probabilities, engine::classesOf(labels, combinations));
    std::ranges::stable_sort(doubts, {}, &LabelDoubt::quality);
    return doubts;
}

}  // namespace core
