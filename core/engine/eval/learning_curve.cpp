// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/learning_curve.h"

#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace engine {

namespace {

constexpr double Rising = 0.015;
constexpr int Draws = 500;
constexpr double UsualRatio = 0.7;
/// A step of so much is as good evidence of the ratio as what is usual.
constexpr double RatioPrior = 0.02;

/// Other rows of the same number would not be equally good. By how much is less than by how much the share of right
/// ones is known: half of its standard error covers what was seen on draws of seven public sets.
constexpr double RowsSpread = 0.5;

using Shares = std::array<double, 3>;

/// Of a standard normal distribution, nearly: twelve uniform numbers.
double normal(base::Random &random)
{
    double sum = -6;
    for (int i = 0; i < 12; ++i)
        sum += random.uniform();
    return sum;
}

double gainOf(const Shares &right)
{
    const double before = right[1] - right[0];
    const double last = right[2] - right[1];
    if (last <= 0)
        return 0;
    const double ratio = (last + UsualRatio * RatioPrior) / (std::max(before, 0.0) + RatioPrior);
    return std::min(last * std::clamp(ratio, 0.0, 1.0), 1 - right[2]);
}

}  // namespace

bool LearningCurve::isRising() const
{
    return points.size() >= 2 && points.back().right - points[points.size() - 2].right >= Rising;
}

LearningCurve learningCurve(const std::vector<char> &quarter, const std::vector<char> &half,
                            const std::vector<char> &all, uint64_t seed)
{
    const size_t rows = all.size();
    if (rows == 0 || quarter.size() != rows || half.size() != rows)
        return {};
    const auto sharesOf = [&](auto rowAt) {
        std::array<int64_t, 3> counts{};
        for (size_t i = 0; i < rows; ++i) {
            const size_t row = rowAt(i);
            counts[0] += quarter[row];
            counts[1] += half[row];
            counts[2] += all[row];
        }
        Shares shares;
        for (size_t s = 0; s < shares.size(); ++s)
            shares[s] = static_cast<double>(counts[s]) / static_cast<double>(rows);
        return shares;
    };
    const Shares right = sharesOf([](size_t i) { return i; });
    LearningCurve curve;
    for (size_t s = 0; s < right.size(); ++s)
        curve.points.push_back({static_cast<int64_t>(rows >> (2 - s)), right[s]});
    curve.gain = gainOf(right);
    base::Random random(seed);
    std::vector<double> gains;
    const double spread = RowsSpread * std::sqrt(right[2] * (1 - right[2]) / static_cast<double>(rows));
    for (int draw = 0; draw < Draws; ++draw) {
        const double gain = gainOf(sharesOf([&](size_t) { return random.below(rows); }));
        gains.push_back(std::min(gain + spread * normal(random), 1 - right[2]));
    }
    std::sort(gains.begin(), gains.end());
    curve.interval = {gains[Draws / 40], gains[Draws - 1 - Draws / 40]};
    return curve;
}

}  // namespace engine
