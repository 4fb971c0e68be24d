// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/coverage.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace engine {

namespace {

constexpr size_t FewestForOwn = 10;

using Chosen = std::vector<const Verdict *>;

Chosen chosenBy(const std::vector<Verdict> &verdicts, const std::function<bool(const Verdict &)> &wanted)
{
    Chosen chosen;
    for (const Verdict &verdict : verdicts) {
        if (wanted(verdict))
            chosen.push_back(&verdict);
    }
    std::stable_sort(chosen.begin(), chosen.end(),
                     [](const Verdict *a, const Verdict *b) { return a->confidence > b->confidence; });
    return chosen;
}

/// `sorted` by confidence, the highest first.
std::optional<float> lowestThat(const Chosen &sorted, double rightShare)
{
    std::optional<float> threshold;
    int64_t right = 0;
    for (size_t i = 0; i < sorted.size(); ++i) {
        right += sorted[i]->isRight() ? 1 : 0;
        const bool isLastOfEquals = i + 1 == sorted.size() || sorted[i + 1]->confidence < sorted[i]->confidence;
        if (isLastOfEquals && static_cast<double>(right) >= rightShare * static_cast<double>(i + 1))
            threshold = i + 1 == sorted.size() ? 0 : sorted[i]->confidence;
    }
    return threshold;
}

}  // namespace

Coverage coverageOf(const std::vector<Verdict> &verdicts, const AskRule &rule)
{
    Coverage coverage{static_cast<int64_t>(verdicts.size())};
    for (const Verdict &verdict : verdicts) {
        if (rule.asks(verdict))
            continue;
        ++coverage.answered;
        coverage.right += verdict.isRight() ? 1 : 0;
    }
    return coverage;
}

std::optional<float> thresholdFor(const std::vector<Verdict> &verdicts, double rightShare)
{
    return lowestThat(chosenBy(verdicts, [](const Verdict &) { return true; }), rightShare);
}

AskRule thresholdsFor(const std::vector<Verdict> &verdicts, double rightShare, size_t classes)
{
    AskRule rule{thresholdFor(verdicts, rightShare).value_or(AskAlways)};
    for (size_t c = 0; c < classes; ++c) {
        const std::vector only{static_cast<int>(c)};
        const Chosen chosen = chosenBy(verdicts, [&](const Verdict &v) { return v.answer == only; });
        if (chosen.size() < FewestForOwn) {
            rule.perClass.push_back(rule.threshold);
            continue;
        }
        // Few answers name one class: of such that are less sure than all of them nothing is known.
        const float least = chosen.back()->confidence;
        rule.perClass.push_back(std::max(least, lowestThat(chosen, rightShare).value_or(AskAlways)));
    }
    return rule;
}

double Costs::of(const Verdict &verdict) const
{
    if (verdict.isRight())
        return 0;
    if (perPair.empty() || verdict.expected.size() != 1 || verdict.answer.size() != 1)
        return wrong;
    return perPair[static_cast<size_t>(verdict.expected.front())][static_cast<size_t>(verdict.answer.front())];
}

double totalCost(const std::vector<Verdict> &verdicts, const AskRule &rule, const Costs &costs)
{
    return std::accumulate(verdicts.begin(), verdicts.end(), 0.0, [&](double sum, const Verdict &verdict) {
        return sum + (rule.asks(verdict) ? costs.ask : costs.of(verdict));
    });
}

float cheapestThreshold(const std::vector<Verdict> &verdicts, const Costs &costs)
{
    const Chosen sorted = chosenBy(verdicts, [](const Verdict &) { return true; });
    double cost = static_cast<double>(sorted.size()) * costs.ask;
    double cheapest = cost;
    float threshold = AskAlways;
    for (size_t i = 0; i < sorted.size(); ++i) {
        cost += costs.of(*sorted[i]) - costs.ask;
        const bool isLastOfEquals = i + 1 == sorted.size() || sorted[i + 1]->confidence < sorted[i]->confidence;
        if (isLastOfEquals && cost <= cheapest) {
            cheapest = cost;
            threshold = i + 1 == sorted.size() ? 0 : sorted[i]->confidence;
        }
    }
    return threshold;
}

}  // namespace engine
