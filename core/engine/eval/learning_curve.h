// SPDX-License-Identifier: Apache-2.0
// Whether more rows would help.
#pragma once

#include "core/engine/eval/metrics.h"

#include <vector>

namespace engine {

/// Right answers by cross-validation when fewer rows are learned from.
struct LearningCurve {
    struct Point {
        int64_t rows = 0;  ///< learned from, were all of them there
        double right = 0;  ///< share of rows left out, 0..1
    };
    std::vector<Point> points;  ///< a quarter, half and all of the rows; empty: too few to say
    double gain = 0;            ///< expected of twice the rows, in the unit of `right`
    Interval interval;          ///< of the gain, 95 %, by 500 draws of the rows with replacement; may begin below 0

    /// The second half of the rows brought something: a point and a half in a hundred.
    [[nodiscard]] bool isRising() const;
};

/// Three verdicts on each row, when a quarter, half and all of the others were learned from. Twice the rows bring what
/// the second half brought, times how much less that was than what the second quarter brought; of the latter ratio
/// little is known, so it begins at 0.7, a usual one. Depends only on the arguments.
[[nodiscard]] LearningCurve learningCurve(const std::vector<char> &quarter, const std::vector<char> &half,
                                          const std::vector<char> &all, uint64_t seed);

}  // namespace engine
