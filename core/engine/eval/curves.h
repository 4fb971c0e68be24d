// SPDX-License-Identifier: Apache-2.0
// What every threshold would bring: precision against recall, and hits against false alarms.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace engine {

struct CurvePoint {
    double x = 0;
    double y = 0;
    float threshold = 0;  ///< from this score on it is a yes
};

struct Curve {
    std::vector<CurvePoint> points;  ///< thresholds descending, x ascending
    std::optional<double> area;      ///< nothing where it is not defined
};

/// Scores of yes-or-no decisions with what was true.
struct Decisions {
    std::vector<float> scores;
    std::vector<char> truths;

    void add(float score, bool isTrue)
    {
        scores.push_back(score);
        truths.push_back(isTrue ? 1 : 0);
    }
};

/// x recall, y precision, a point for each different score; the area is the average precision, sum of (R_n - R_n-1) P_n
/// as scikit-learn's average_precision_score. Empty without a true decision.
[[nodiscard]] Curve precisionRecallCurve(const Decisions &decisions);

/// x share of the false that are taken for true, y share of the true that are found; begins at (0, 0) with an infinite
/// threshold. The area is ROC AUC, equal scores counted half (Hanley and McNeil, 1982). Empty unless both kinds are
/// there.
[[nodiscard]] Curve rocCurve(const Decisions &decisions);

/// Mean over the curves that have an area, at `levels` >= 2 equal steps of x: between points straight lines for ROC,
/// `steps` for precision and recall (the precision of the next higher recall). The area is the mean of theirs, as
/// scikit-learn's macro average. Its points have no threshold.
[[nodiscard]] Curve meanCurve(std::span<const Curve> curves, bool steps, size_t levels = 201);

/// At most about `most` points, ends kept, as far from each other as a chart can show.
[[nodiscard]] Curve thinned(const Curve &curve, size_t most);

}  // namespace engine
