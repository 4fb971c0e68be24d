// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/calibration.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

constexpr size_t FewestRows = 10;

/// Mean log-loss at inverse temperature exp(`x`). Convex in the inverse temperature, so unimodal in `x`.
double lossAt(const Matrix &logits, std::span<const int> labels, const Combinations &combinations, double x)
{
    const double scale = std::exp(x);
    double loss = 0;
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

}  // namespace

double fitTemperature(const Matrix &logits, std::span<const int> labels, const Combinations &combinations)
{
    if (labels.size() < FewestRows)
        return 1.0;
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

}  // namespace engine
