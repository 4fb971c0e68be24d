// SPDX-License-Identifier: Apache-2.0
#include "core/quality/class_overlap.h"

#include "core/engine/dot.h"
#include "core/engine/eval/metrics.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

constexpr size_t FewestConfused = 3;
constexpr double LeastShare = 0.05;
constexpr double LeastSure = 0.02;
/// Half would be tossing a coin.
constexpr double HardlyToldApart = 0.35;
constexpr size_t FewRows = 20;
/// MiniLM's of "money back after a return" and "money back after a cancelled order".
constexpr double NearlyTheSame = 0.85;
constexpr size_t MostBetween = 50;
/// Farther from the border than this a row is clear.
constexpr double Clear = 0.8;

/// Rows of the two classes by how evenly the two share them.
std::vector<size_t> rowsBetween(const engine::Matrix &probabilities, const std::vector<std::vector<int>> &labels,
                                int first, int second)
{
    std::vector<std::pair<double, size_t>> scored;
    for (size_t i = 0; i < probabilities.rows; ++i) {
        if (std::ranges::binary_search(labels[i], first) == std::ranges::binary_search(labels[i], second))
            continue;
        const auto a = static_cast<double>(probabilities.row(i)[static_cast<size_t>(first)]);
        const auto b = static_cast<double>(probabilities.row(i)[static_cast<size_t>(second)]);
        const double margin = a + b > 0 ? std::abs(a - b) / (a + b) : 1;
        if (margin < Clear)
            scored.emplace_back(margin, i);
    }
    std::sort(scored.begin(), scored.end());
    std::vector<size_t> rows;
    for (const auto &[margin, row] : scored)
        rows.push_back(row);
    rows.resize(std::min(rows.size(), MostBetween));
    return rows;
}

/// Counts of pairs of classes, whichever comes first.
class PairCounts {
public:
    explicit PairCounts(size_t classes) : m_classes(classes), m_counts(classes * classes) { }
    size_t &of(size_t a, size_t b) { return m_counts[std::min(a, b) * m_classes + std::max(a, b)]; }
    size_t &of(int a, int b) { return of(static_cast<size_t>(a), static_cast<size_t>(b)); }

private:
    size_t m_classes;
    std::vector<size_t> m_counts;
};

}  // namespace

std::vector<ClassOverlap> findClassOverlaps(const engine::Matrix &probabilities,
                                            const std::vector<std::vector<int>> &labels, const engine::AnswerRule &rule,
                                            const engine::Matrix &descriptions, size_t most)
{
    const size_t classes = probabilities.columns;
    std::vector<size_t> counts(classes);
    PairCounts together(classes), confused(classes);
    for (size_t i = 0; i < labels.size(); ++i) {
        const auto &own = labels[i];
        const auto answer = engine::answerOf(probabilities.row(i), rule);
        for (const int c : own) {
            ++counts[static_cast<size_t>(c)];
            for (const int other : own)
                together.of(c, other) += c < other ? 1 : 0;
            if (std::ranges::binary_search(answer, c))
                continue;
            for (const int other : answer)
                confused.of(c, other) += std::ranges::binary_search(own, other) ? 0 : 1;
        }
    }
    std::vector<std::pair<double, ClassOverlap>> scored;
    for (size_t a = 0; a < classes; ++a) {
        for (size_t b = a + 1; b < classes; ++b) {
            ClassOverlap pair{.first = static_cast<int>(a), .second = static_cast<int>(b)};
            pair.rows = counts[a] + counts[b] - 2 * together.of(a, b);
            pair.confused = confused.of(a, b);
            pair.described =
                descriptions.rows == classes ? double{engine::cosine(descriptions.row(a), descriptions.row(b))} : 0;
            const double share =
                static_cast<double>(pair.confused) / static_cast<double>(std::max<size_t>(pair.rows, 1));
            const double sure =
                engine::wilsonInterval(static_cast<int64_t>(pair.confused), static_cast<int64_t>(pair.rows)).low;
            const bool isConfused = pair.confused >= FewestConfused && share >= LeastShare && sure >= LeastSure;
            if (!isConfused && pair.described < NearlyTheSame)
                continue;
            pair.proposal = share >= HardlyToldApart                                 ? ClassOverlap::Proposal::Merge
                            : isConfused && std::min(counts[a], counts[b]) < FewRows ? ClassOverlap::Proposal::MoreRows
                                                                                     : ClassOverlap::Proposal::Boundary;
            scored.emplace_back(isConfused ? sure : 0, std::move(pair));
        }
    }
    std::stable_sort(scored.begin(), scored.end(), [](const auto &x, const auto &y) {
        return x.first != y.first ? x.first > y.first : x.second.described > y.second.described;
    });
    std::vector<ClassOverlap> worst;
    for (auto &[score, pair] : scored) {
        if (worst.size() == most)
            break;
        pair.between = rowsBetween(probabilities, labels, pair.first, pair.second);
        worst.push_back(std::move(pair));
    }
    return worst;
}

}  // namespace core
