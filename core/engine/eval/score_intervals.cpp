// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/score_intervals.h"

#include "core/base/random.h"
#include "core/engine/eval/reliability.h"

#include <algorithm>

namespace engine {

namespace {

constexpr size_t MostDraws = 500;
constexpr size_t FewestDraws = 100;
/// Rows visited in all, as long as the fewest draws allow it.
constexpr size_t MostVisits = 20'000'000;

struct Counts {
    int64_t hits = 0, answered = 0, expected = 0;
};

double f1(const Counts &counts)
{
    const auto sum = static_cast<double>(counts.answered + counts.expected);
    return sum > 0 ? 2 * static_cast<double>(counts.hits) / sum : 0;
}

/// The verdicts in a few arrays: millions of draws from a list of lists would wait for
/// memory.
struct Flat {
    explicit Flat(const std::vector<Verdict> &verdicts)
    {
        for (const Verdict &verdict : verdicts) {
            for (const auto *part : {&verdict.expected, &verdict.answer}) {
                begins.push_back(static_cast<uint32_t>(labels.size()));
                for (const int label : *part)
                    labels.push_back(static_cast<uint32_t>(label));
            }
            confidences.push_back(verdict.confidence);
            losses.push_back(verdict.logLoss);
        }
        begins.push_back(static_cast<uint32_t>(labels.size()));
    }

    std::vector<uint32_t> begins;  ///< in `labels`, two a row: of what was expected, and of what was answered
    std::vector<uint32_t> labels;
    std::vector<float> confidences, losses;
};

/// Scores of one draw.
class Draw {
public:
    Draw(size_t classes, TaskType task) : m_counts(classes), m_task(task) { }

    void add(const Flat &flat, size_t row)
    {
        const auto *expected = flat.labels.data() + flat.begins[2 * row];
        const auto *answered = flat.labels.data() + flat.begins[2 * row + 1];
        const auto *end = flat.labels.data() + flat.begins[2 * row + 2];
        for (const auto *label = expected; label != answered; ++label)
            ++m_counts[*label].expected;
        for (const auto *label = answered; label != end; ++label) {
            ++m_counts[*label].answered;
            m_counts[*label].hits += std::find(expected, answered, *label) != answered ? 1 : 0;
        }
        if (m_task == TaskType::SingleLabel && answered == end)
            return;  // without an answer there is no probability
        if (m_task == TaskType::SingleLabel)
            m_bins.add(flat.confidences[row], *expected == *answered);
        m_loss += flat.losses[row];
        ++m_rows;
    }

    [[nodiscard]] double macroF1() const
    {
        double sum = 0;
        int64_t present = 0;
        for (const Counts &counts : m_counts) {
            sum += f1(counts);
            present += m_task == TaskType::MultiLabel || counts.answered + counts.expected > 0 ? 1 : 0;
        }
        return present > 0 ? sum / static_cast<double>(present) : 0;
    }
    [[nodiscard]] double microF1() const
    {
        Counts all;
        for (const Counts &counts : m_counts) {
            all.hits += counts.hits;
            all.answered += counts.answered;
            all.expected += counts.expected;
        }
        return f1(all);
    }
    [[nodiscard]] double logLoss() const { return m_rows > 0 ? m_loss / static_cast<double>(m_rows) : 0; }
    [[nodiscard]] double ece() const { return m_bins.error(); }

private:
    std::vector<Counts> m_counts;
    TaskType m_task;
    CalibrationBins m_bins;
    double m_loss = 0;
    int64_t m_rows = 0;
};

size_t drawsOf(size_t rows)
{
    return std::clamp(MostVisits / rows, FewestDraws, MostDraws);
}

Interval middleOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const size_t cut = values.size() / 40;
    return {values[cut], values[values.size() - 1 - cut]};
}

}  // namespace

ScoreIntervals scoreIntervals(const std::vector<Verdict> &verdicts, size_t classes, TaskType task, uint64_t seed)
{
    if (verdicts.empty())
        return {};
    const size_t draws = drawsOf(verdicts.size());
    const Flat flat(verdicts);
    std::vector<double> macro, micro, loss, ece;
    base::Random random(seed);
    for (size_t d = 0; d < draws; ++d) {
        Draw draw(classes, task);
        for (size_t i = 0; i < verdicts.size(); ++i)
            draw.add(flat, random.below(verdicts.size()));
        macro.push_back(draw.macroF1());
        micro.push_back(draw.microF1());
        loss.push_back(draw.logLoss());
        ece.push_back(draw.ece());
    }
    return {middleOf(macro), middleOf(micro), middleOf(loss),
            task == TaskType::SingleLabel ? middleOf(ece) : Interval{}};
}

Interval meanInterval(std::span<const float> values, uint64_t seed)
{
    if (values.empty())
        return {0, 0};
    std::vector<double> means;
    base::Random random(seed);
    for (size_t d = drawsOf(values.size()); d > 0; --d) {
        double sum = 0;
        for (size_t i = 0; i < values.size(); ++i)
            sum += static_cast<double>(values[random.below(values.size())]);
        means.push_back(sum / static_cast<double>(values.size()));
    }
    return middleOf(std::move(means));
}

}  // namespace engine
