// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/curves.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace engine {

namespace {

struct Step {
    float threshold = 0;
    int64_t hits = 0;    ///< true ones with this score or more
    int64_t alarms = 0;  ///< false ones
};

/// One for each different score, the highest first.
std::vector<Step> stepsOf(const Decisions &decisions)
{
    std::vector<size_t> order(decisions.scores.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return decisions.scores[a] > decisions.scores[b]; });
    std::vector<Step> steps;
    Step step;
    for (size_t i = 0; i < order.size(); ++i) {
        (decisions.truths[order[i]] != 0 ? step.hits : step.alarms) += 1;
        step.threshold = decisions.scores[order[i]];
        if (i + 1 == order.size() || decisions.scores[order[i + 1]] != step.threshold)
            steps.push_back(step);
    }
    return steps;
}

double share(int64_t part, int64_t whole)
{
    return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Curve precisionRecallCurve(const Decisions &decisions)
{
    const auto steps = stepsOf(decisions);
    Curve curve;
    if (steps.empty() || steps.back().hits == 0)
        return curve;
    double area = 0;
    double before = 0;
    for (const Step &step : steps) {
        const double recall = share(step.hits, steps.back().hits);
        const double precision = share(step.hits, step.hits + step.alarms);
        area += (recall - before) * precision;
        before = recall;
        curve.points.push_back({recall, precision, step.threshold});
    }
    curve.area = area;
    return curve;
}

Curve rocCurve(const Decisions &decisions)
{
    const auto steps = stepsOf(decisions);
    Curve curve;
    if (steps.empty() || steps.back().hits == 0 || steps.back().alarms == 0)
        return curve;
    curve.points.push_back({0, 0, std::numeric_limits<float>::infinity()});
    double area = 0;
    for (const Step &step : steps) {
        const CurvePoint next{share(step.alarms, steps.back().alarms), share(step.hits, steps.back().hits),
                              step.threshold};
        const CurvePoint &last = curve.points.back();
        area += (next.x - last.x) * (next.y + last.y) / 2;
        curve.points.push_back(next);
    }
    curve.area = area;
    return curve;
}

Curve meanCurve(std::span<const Curve> curves, bool steps, size_t levels)
{
    Curve mean;
    int64_t count = 0;
    double area = 0;
    std::vector<double> sums(levels, 0.0);
    for (const Curve &curve : curves) {
        if (!curve.area)
            continue;
        ++count;
        area += *curve.area;
        size_t next = 0;  // the first point that is not left of the level
        for (size_t level = 0; level < levels; ++level) {
            const double x = static_cast<double>(level) / static_cast<double>(levels - 1);
            // Of points above each other the highest one counts: what a threshold can reach there.
            while (next + 1 < curve.points.size() &&
                   (curve.points[next].x < x || (!steps && curve.points[next + 1].x <= x)))
                ++next;
            const CurvePoint &point = curve.points[next];
            if (steps || next == 0 || point.x <= x) {
                sums[level] += point.y;
                continue;
            }
            const CurvePoint &last = curve.points[next - 1];
            sums[level] += last.y + (point.y - last.y) * (x - last.x) / (point.x - last.x);
        }
    }
    if (count == 0)
        return mean;
    mean.area = area / static_cast<double>(count);
    for (size_t level = 0; level < levels; ++level)
        mean.points.push_back({static_cast<double>(level) / static_cast<double>(levels - 1),
                               sums[level] / static_cast<double>(count), 0});
    return mean;
}

Curve thinned(const Curve &curve, size_t most)
{
    Curve thin{{}, curve.area};
    const double step = 2 / static_cast<double>(std::max<size_t>(most, 2));
    for (size_t i = 0; i < curve.points.size(); ++i) {
        const CurvePoint &point = curve.points[i];
        if (i == 0 || i + 1 == curve.points.size() ||
            std::abs(point.x - thin.points.back().x) + std::abs(point.y - thin.points.back().y) >= step)
            thin.points.push_back(point);
    }
    return thin;
}

}  // namespace engine
