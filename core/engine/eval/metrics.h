// SPDX-License-Identifier: Apache-2.0
// How good a classifier is on labelled rows.
#pragma once

#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace engine {

/// Smaller probabilities count as this one in a log-loss, which would be infinite.
constexpr double SmallestProbability = 1e-12;

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
    TaskType task = TaskType::SingleLabel;
    int64_t rows = 0;
    int64_t correct = 0;  ///< rows answered with exactly their classes
    double accuracy = 0;  ///< share of these; multi-label: exact match
    Interval interval;    ///< of the accuracy: Wilson, 95 %
    double macroF1 = 0;   ///< over classes with rows or predictions, multi-label over all, as scikit-learn
    double microF1 = 0;   ///< over all decisions; the accuracy of single-label rows
    double weightedF1 = 0;
    double labelMatch = 0;  ///< multi-label: mean share of a row's yes-or-no decisions that are right; 1 - Hamming loss
    double hammingLoss = 0;  ///< multi-label: share of wrong ones
    double logLoss = 0;      ///< nats a row; multi-label: a decision
    double ece = 0;          ///< expected calibration error, 15 equal bins (Guo et al., 2017); multi-label: of "yes"
    std::vector<ClassMetrics> perClass;
    std::vector<std::vector<int64_t>> confusion;  ///< [true][predicted]; empty for multi-label
};

/// What chooses among classifiers: the accuracy, or multi-label the micro F1, which sees answers that are nearly right.
[[nodiscard]] inline double decisiveScore(const ClassificationReport &report)
{
    return report.task == TaskType::MultiLabel ? report.microF1 : report.accuracy;
}

/// Wilson score interval (1927) of `successes` in `trials`; `z` 1.96 for 95 %. [0, 1] without trials.
[[nodiscard]] Interval wilsonInterval(int64_t successes, int64_t trials, double z = 1.959963984540054);

/// Softmax of each row of `logits` divided by `temperature` > 0.
[[nodiscard]] Matrix softmax(const Matrix &logits, double temperature = 1.0);

/// Each value v of `logits` as 1 / (1 + exp(-v / temperature)).
[[nodiscard]] Matrix sigmoid(const Matrix &logits, double temperature = 1.0);

/// softmax or sigmoid.
[[nodiscard]] Matrix probabilitiesOf(const Matrix &logits, TaskType task, double temperature = 1.0);

/// Classes that `row` of probabilities answers with: the likeliest one, or all from their thresholds on.
[[nodiscard]] std::vector<int> answerOf(std::span<const float> row, const AnswerRule &rule);

/// How sure that answer is: its probability; multi-label: that of the least sure yes or no.
[[nodiscard]] float confidenceOf(std::span<const float> row, const AnswerRule &rule);

/// The classes of each row.
[[nodiscard]] std::vector<std::vector<int>> classesOf(std::span<const int> labels, const Combinations &combinations);

/// Column of the largest value in each row; the first of equals.
[[nodiscard]] std::vector<int> argmax(const Matrix &values);

/// `probabilities` rows x classes, `labels` one a row.
[[nodiscard]] ClassificationReport classificationReport(const Matrix &probabilities, std::span<const int> labels,
                                                        const Combinations &combinations = {},
                                                        const std::vector<float> &thresholds = {});

/// Counts rows that got no answer as wrong ones: so many of each class. Single-label; the confusions, the log-loss and
/// the calibration stay those of the answers.
void addUnanswered(ClassificationReport &report, std::span<const int64_t> rows);

/// Agreement beyond chance of a single-label report's expected and answered classes (Cohen, 1960): 1 always, 0 as
/// chance would. Nothing without rows, or where chance alone agrees always.
[[nodiscard]] std::optional<double> cohenKappa(const std::vector<std::vector<int64_t>> &confusion);

/// Two-sided exact McNemar test: how likely `fixed` against `broke` flips are if neither is better.
[[nodiscard]] double mcnemarPValue(int64_t fixed, int64_t broke);

/// Two-sided exact test of Fisher (1922): how likely a table of a b / c d at least as odd as this one is when its rows
/// do not differ. All >= 0.
[[nodiscard]] double fisherPValue(int64_t a, int64_t b, int64_t c, int64_t d);

}  // namespace engine
