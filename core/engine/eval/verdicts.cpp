// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/verdicts.h"

#include "core/engine/eval/metrics.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

bool has(const std::vector<int> &labels, size_t label)
{
    return std::binary_search(labels.begin(), labels.end(), static_cast<int>(label));
}

}  // namespace

std::vector<Verdict> verdictsOf(const Matrix &probabilities, const std::vector<std::vector<int>> &expected,
                                const AnswerRule &rule)
{
    std::vector<Verdict> verdicts;
    verdicts.reserve(probabilities.rows);
    for (size_t i = 0; i < probabilities.rows; ++i) {
        const auto row = probabilities.row(i);
        double loss = 0;
        for (size_t c = 0; c < row.size(); ++c) {
            const bool isTrue = has(expected[i], c);
            if (isTrue || rule.task == TaskType::MultiLabel)
                loss -= std::log(std::max<double>(isTrue ? row[c] : 1 - row[c], SmallestProbability));
        }
        if (rule.task == TaskType::MultiLabel)
            loss /= static_cast<double>(row.size());
        verdicts.push_back({expected[i], answerOf(row, rule), confidenceOf(row, rule), static_cast<float>(loss)});
    }
    return verdicts;
}

Decisions decisionsOn(const Matrix &probabilities, const std::vector<std::vector<int>> &expected, int label)
{
    Decisions decisions;
    const auto column = static_cast<size_t>(label);
    for (size_t i = 0; i < probabilities.rows; ++i)
        decisions.add(probabilities.row(i)[column], has(expected[i], column));
    return decisions;
}

Decisions allDecisions(const Matrix &probabilities, const std::vector<std::vector<int>> &expected)
{
    Decisions decisions;
    for (size_t i = 0; i < probabilities.rows; ++i) {
        for (size_t c = 0; c < probabilities.columns; ++c)
            decisions.add(probabilities.row(i)[c], has(expected[i], c));
    }
    return decisions;
}

}  // namespace engine
