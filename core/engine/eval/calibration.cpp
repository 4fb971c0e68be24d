// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/calibration.h"

#include "core/engine/eval/metrics.h"
#include "core/engine/eval/reject.h"
#include "core/engine/eval/thresholds.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

/// How much the prior weighs against raising confidence, and against lowering it. Chosen on draws of public sets
/// (stillroom-bench calibration): the log-loss of their exams, and how sure texts of other kinds are answered.
constexpr double AgainstSharper = 200;
constexpr double AgainstSofter = 60;

/// Log-loss of all rows at inverse temperature exp(`x`) and what the prior adds. Convex in the inverse temperature, so
/// unimodal in `x`.
double lossAt(const Matrix &logits, std::span<const int> labels, const Combinations &combinations, double x)
{
    const double scale = std::exp(x);
    double loss = (x > 0 ? AgainstSharper : AgainstSofter) * (scale - 1 - x);
    if (!combinations.empty()) {
        for (size_t i = 0; i < logits.rows; ++i) {
            const auto row = logits.row(i);
            for (const float value : row)  // log(1 + exp(v)), and of a yes less v
                loss += std::max(0.0, scale * value) + std::log1p(std::exp(-std::abs(scale * value)));
            for (const int c : combinations[static_cast<size_t>(labels[i])])
                loss -= scale * row[static_cast<size_t>(c)];
        }
        return loss;
    }
    for (size_t i = 0; i < logits.rows; ++i) {
        const auto row = logits.row(i);
        const double top = *std::max_element(row.begin(), row.end());
        double sum = 0;
        for (const float value : row)
            sum += std::exp(scale * (value - top));
        loss += std::log(sum) - scale * (row[static_cast<size_t>(labels[i])] - top);
    }
    return loss;
}

double fitTemperature(const Matrix &logits, std::span<const int> labels, const Combinations &combinations)
{
    if (labels.empty())
        return 1;
    // Golden-section search.
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double low = -std::log(20.0);
    double high = std::log(20.0);
    double a = high - golden * (high - low);
    double b = low + golden * (high - low);
    double lossA = lossAt(logits, labels, combinations, a);
    double lossB = lossAt(logits, labels, combinations, b);
    while (high - low > 1e-4) {
        if (lossA < lossB) {
            high = b;
            b = a;
            lossB = lossA;
            a = high - golden * (high - low);
            lossA = lossAt(logits, labels, combinations, a);
        } else {
            low = a;
            a = b;
            lossA = lossB;
            b = low + golden * (high - low);
            lossB = lossAt(logits, labels, combinations, b);
        }
    }
    return std::exp(-(low + high) / 2);
}

}  // namespace

Calibration calibrate(const Matrix &logits, std::span<const int> labels, const Combinations &combinations,
                      std::optional<double> rejectShare)
{
    Calibration calibration{fitTemperature(logits, labels, combinations)};
    if (rejectShare && combinations.empty() && !labels.empty())
        calibration.rejectLogit = fitRejectLogit(logits, labels, *rejectShare);
    if (!combinations.empty())
        calibration.thresholds =
            fitThresholds(probabilitiesWith(calibration, logits, TaskType::MultiLabel), labels, combinations);
    return calibration;
}

Matrix probabilitiesWith(const Calibration &calibration, const Matrix &logits, TaskType task)
{
    return probabilitiesOf(calibration.rejectLogit ? withReject(logits, *calibration.rejectLogit) : logits, task,
                           calibration.temperature);
}

}  // namespace engine
