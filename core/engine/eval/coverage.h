// SPDX-License-Identifier: Apache-2.0
// How many rows a classifier may answer by itself when a person is asked for the unsure ones (selective
// classification: El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification, 2010).
#pragma once

#include "core/engine/eval/metrics.h"
#include "core/engine/eval/verdicts.h"

#include <optional>

namespace engine {

/// A threshold that no confidence reaches.
constexpr float AskAlways = 1.01F;

/// From which confidence on an answer stands: one for all classes, or where a class has its own, that.
struct AskRule {
    float threshold = 0;
    std::vector<float> perClass{};  ///< single-label, one a class; empty: none has its own

    bool operator==(const AskRule &) const = default;
    [[nodiscard]] bool asks(const Verdict &verdict) const
    {
        const bool own = !perClass.empty() && verdict.answer.size() == 1;
        return verdict.confidence < (own ? perClass[static_cast<size_t>(verdict.answer.front())] : threshold);
    }
};

struct Coverage {
    int64_t rows = 0;
    int64_t answered = 0;  ///< without asking
    int64_t right = 0;     ///< of the answered

    [[nodiscard]] double share() const
    {
        return rows > 0 ? static_cast<double>(answered) / static_cast<double>(rows) : 0;
    }
    /// 1 where nothing is answered: nothing is wrong then.
    [[nodiscard]] double rightShare() const
    {
        return answered > 0 ? static_cast<double>(right) / static_cast<double>(answered) : 1;
    }
    [[nodiscard]] Interval interval() const { return wilsonInterval(right, answered); }
};

[[nodiscard]] Coverage coverageOf(const std::vector<Verdict> &verdicts, const AskRule &rule);

/// The lowest threshold from which on at least `rightShare` (0..1) of the answers are right, so that as many as
/// possible are given; nothing where no threshold reaches it. Thresholds are confidences that occur in `verdicts`, or
/// 0 where all of them may be answered.
[[nodiscard]] std::optional<float> thresholdFor(const std::vector<Verdict> &verdicts, double rightShare);

/// The same for each answered class by itself, where at least ten answers name it, and none below the least sure of
/// these; the others take the one for all. A class that never reaches it asks always (above 1). Single-label.
[[nodiscard]] AskRule thresholdsFor(const std::vector<Verdict> &verdicts, double rightShare, size_t classes);

/// What mistakes and questions cost, in any one unit.
struct Costs {
    double ask = 1;     ///< a person looks at the row
    double wrong = 10;  ///< an answer that is wrong
    /// [expected][answered], single-label; empty: `wrong` for each. The diagonal does not count.
    std::vector<std::vector<double>> perPair{};

    [[nodiscard]] double of(const Verdict &verdict) const;
};

/// Of all rows, with `rule`.
[[nodiscard]] double totalCost(const std::vector<Verdict> &verdicts, const AskRule &rule, const Costs &costs);

/// The threshold for all classes whose cost on `verdicts` is lowest, of equals the lowest, 0 for all; asks always
/// (above 1) where that is cheapest.
[[nodiscard]] float cheapestThreshold(const std::vector<Verdict> &verdicts, const Costs &costs);

}  // namespace engine
