// SPDX-License-Identifier: Apache-2.0
// How good a classifier is on labelled rows.
#pragma once

#include "core/engine/matrix.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace engine {

/// Bounds of a proportion, 0..1.
struct Interval {
    double low = 0;
    double high = 1;
};

struct ClassMetrics {
    double precision = 0;  ///< 0 when nothing was predicted as this class
    double recall = 0;
    double f1 = 0;
    int64_t support = 0;  ///< rows that have this class
};

struct ClassificationReport {
    int64_t rows = 0;
    int64_t correct = 0;
    double accuracy = 0;
    Interval interval;   ///< Wilson, 95 %
    double macroF1 = 0;  ///< over classes with rows or predictions, as scikit-learn
    double weightedF1 = 0;
    double logLoss = 0;  ///< nats a row
    double ece = 0;      ///< expected calibration error, 15 equal bins (Guo et al., 2017)
    std::vector<ClassMetrics> perClass;
    std::vector<std::vector<int64_t>> confusion;  ///< [true][predicted]
};

/// Wilson score interval (1927) of `successes` in `trials`; `z` 1.96 for 95 %. [0, 1] without trials.
[[nodiscard]] Interval wilsonInterval(int64_t successes, int64_t trials, double z = 1.959963984540054);

/// Softmax of each row of `logits` divided by `temperature` > 0.
[[nodiscard]] Matrix softmax(const Matrix &logits, double temperature = 1.0);

/// Column of the largest value in each row; the first of equals.
[[nodiscard]] std::vector<int> argmax(const Matrix &values);

/// `probabilities` rows x classes, `labels` one class index a row.
[[nodiscard]] ClassificationReport classificationReport(const Matrix &probabilities, std::span<const int> labels);

/// Two-sided exact McNemar test: how likely `fixed` against `broke` flips are if neither is better.
[[nodiscard]] double mcnemarPValue(int64_t fixed, int64_t broke);

}  // namespace engine
