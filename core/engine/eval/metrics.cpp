// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/metrics.h"

#include "core/engine/eval/reliability.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/// 0 where there is nothing to divide.
ClassMetrics classMetrics(int64_t hits, int64_t asPredicted, int64_t support)
{
    const auto right = static_cast<double>(hits);
    return {ratio(right, static_cast<double>(asPredicted)), ratio(right, static_cast<double>(support)),
            ratio(2 * right, static_cast<double>(asPredicted + support)), support};
}

ClassificationReport multiLabelReport(const Matrix &probabilities, std::span<const int> labels,
                                      const Combinations &combinations, const AnswerRule &rule)
{
    struct Count {
        int64_t hits = 0, predicted = 0, support = 0;
    };
    const size_t classes = probabilities.columns;
    std::vector<Count> counts(classes);
    ClassificationReport report;
    report.task = TaskType::MultiLabel;
    report.rows = static_cast<int64_t>(labels.size());
    CalibrationBins calibration;
    int64_t wrong = 0;
    for (size_t i = 0; i < labels.size(); ++i) {
        const auto &truth = combinations[static_cast<size_t>(labels[i])];
        int64_t wrongHere = 0;
        for (size_t c = 0; c < classes; ++c) {
            const bool isTrue = std::binary_search(truth.begin(), truth.end(), static_cast<int>(c));
            const double yes = probabilities.row(i)[c];
            const bool isAnswered = probabilities.row(i)[c] >= rule.thresholdOf(c);
            counts[c].hits += isTrue && isAnswered ? 1 : 0;
            counts[c].predicted += isAnswered ? 1 : 0;
            counts[c].support += isTrue ? 1 : 0;
            wrongHere += isTrue != isAnswered ? 1 : 0;
            calibration.add(yes, isTrue);
            report.logLoss -= std::log(std::max(isTrue ? yes : 1 - yes, SmallestProbability));
        }
        report.correct += wrongHere == 0 ? 1 : 0;
        wrong += wrongHere;
    }
    const auto rows = static_cast<double>(report.rows);
    const double decisions = rows * static_cast<double>(classes);
    report.accuracy = ratio(static_cast<double>(report.correct), rows);
    report.interval = wilsonInterval(report.correct, report.rows);
    report.hammingLoss = ratio(static_cast<double>(wrong), decisions);
    report.labelMatch = report.rows > 0 ? 1 - report.hammingLoss : 0;
    report.logLoss = ratio(report.logLoss, decisions);
    report.ece = calibration.error();
    Count all;
    for (const Count &count : counts) {
        report.perClass.push_back(classMetrics(count.hits, count.predicted, count.support));
        const double f1 = report.perClass.back().f1;
        report.macroF1 += f1;
        report.weightedF1 += f1 * static_cast<double>(count.support);
        all = {all.hits + count.hits, all.predicted + count.predicted, all.support + count.support};
    }
    report.macroF1 = ratio(report.macroF1, static_cast<double>(classes));
    report.weightedF1 = ratio(report.weightedF1, static_cast<double>(all.support));
    report.microF1 = classMetrics(all.hits, all.predicted, all.support).f1;
    return report;
}

}  // namespace

Interval wilsonInterval(int64_t successes, int64_t trials, double z)
{
    if (trials == 0)
        return {};
    const auto n = static_cast<double>(trials);
    const double p = static_cast<double>(successes) / n;
    const double centre = p + z * z / (2 * n);
    const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return {std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

Matrix softmax(const Matrix &logits, double temperature)
{
    Matrix result(logits.rows, logits.columns);
    for (size_t i = 0; i < logits.rows; ++i) {
        const auto in = logits.row(i);
        const auto out = result.row(i);
        const double top = *std::max_element(in.begin(), in.end());
        double sum = 0;
        for (size_t j = 0; j < in.size(); ++j) {
            const double value = std::exp((in[j] - top) / temperature);
            out[j] = static_cast<float>(value);
            sum += value;
        }
        for (float &value : out)
            value = static_cast<float>(value / sum);
    }
    return result;
}

Matrix sigmoid(const Matrix &logits, double temperature)
{
    Matrix result(logits.rows, logits.columns);
    std::transform(logits.values.begin(), logits.values.end(), result.values.begin(),
                   [&](float value) { return static_cast<float>(1 / (1 + std::exp(-value / temperature))); });
    return result;
}

Matrix probabilitiesOf(const Matrix &logits, TaskType task, double temperature)
{
    return task == TaskType::MultiLabel ? sigmoid(logits, temperature) : softmax(logits, temperature);
}

std::vector<int> answerOf(std::span<const float> row, const AnswerRule &rule)
{
    if (rule.task == TaskType::SingleLabel)
        return {static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin())};
    std::vector<int> answer;
    for (size_t c = 0; c < row.size(); ++c) {
        if (row[c] >= rule.thresholdOf(c))
            answer.push_back(static_cast<int>(c));
    }
    return answer;
}

float confidenceOf(std::span<const float> row, const AnswerRule &rule)
{
    if (rule.task == TaskType::SingleLabel)
        return *std::max_element(row.begin(), row.end());
    float least = 1;
    for (size_t c = 0; c < row.size(); ++c)
        least = std::min(least, row[c] >= rule.thresholdOf(c) ? row[c] : 1 - row[c]);
    return least;
}

std::vector<std::vector<int>> classesOf(std::span<const int> labels, const Combinations &combinations)
{
    std::vector<std::vector<int>> classes;
    for (const int label : labels)
        classes.push_back(combinations.empty() ? std::vector{label} : combinations[static_cast<size_t>(label)]);
    return classes;
}

std::vector<int> argmax(const Matrix &values)
{
    std::vector<int> result(values.rows);
    for (size_t i = 0; i < values.rows; ++i) {
        const auto row = values.row(i);
        result[i] = static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
    }
    return result;
}

ClassificationReport classificationReport(const Matrix &probabilities, std::span<const int> labels,
                                          const Combinations &combinations, const std::vector<float> &thresholds)
{
    if (!combinations.empty())
        return multiLabelReport(probabilities, labels, combinations, {TaskType::MultiLabel, thresholds});
    const size_t classes = probabilities.columns;
    const auto predicted = argmax(probabilities);
    ClassificationReport report;
    report.rows = static_cast<int64_t>(labels.size());
    CalibrationBins calibration;
    report.confusion.assign(classes, std::vector<int64_t>(classes, 0));
    for (size_t i = 0; i < labels.size(); ++i) {
        const auto truth = static_cast<size_t>(labels[i]);
        ++report.confusion[truth][static_cast<size_t>(predicted[i])];
        report.correct += predicted[i] == labels[i] ? 1 : 0;
        calibration.add(probabilities.row(i)[static_cast<size_t>(predicted[i])], predicted[i] == labels[i]);
        report.logLoss -= std::log(std::max<double>(probabilities.row(i)[truth], SmallestProbability));
    }
    const auto rows = static_cast<double>(report.rows);
    report.accuracy = ratio(static_cast<double>(report.correct), rows);
    report.logLoss = ratio(report.logLoss, rows);
    report.interval = wilsonInterval(report.correct, report.rows);
    report.ece = calibration.error();
    int present = 0;
    for (size_t c = 0; c < classes; ++c) {
        int64_t asPredicted = 0;
        int64_t support = 0;
        for (size_t other = 0; other < classes; ++other) {
            asPredicted += report.confusion[other][c];
            support += report.confusion[c][other];
        }
        const ClassMetrics metrics = classMetrics(report.confusion[c][c], asPredicted, support);
        if (asPredicted + support > 0) {
            ++present;
            report.macroF1 += metrics.f1;
        }
        report.weightedF1 += metrics.f1 * static_cast<double>(metrics.support);
        report.perClass.push_back(metrics);
    }
    report.macroF1 = ratio(report.macroF1, present);
    report.microF1 = report.accuracy;
    report.weightedF1 = ratio(report.weightedF1, rows);
    return report;
}

void addUnanswered(ClassificationReport &report, std::span<const int64_t> rows)
{
    report.macroF1 = report.weightedF1 = 0;
    int present = 0;
    for (size_t c = 0; c < report.perClass.size(); ++c) {
        const int64_t hits = report.confusion[c][c];
        int64_t asPredicted = 0;
        for (const auto &row : report.confusion)
            asPredicted += row[c];
        report.rows += rows[c];
        report.perClass[c] = classMetrics(hits, asPredicted, report.perClass[c].support + rows[c]);
        const ClassMetrics &metrics = report.perClass[c];
        present += asPredicted + metrics.support > 0 ? 1 : 0;
        report.macroF1 += metrics.f1;
        report.weightedF1 += metrics.f1 * static_cast<double>(metrics.support);
    }
    const auto all = static_cast<double>(report.rows);
    report.accuracy = report.microF1 = ratio(static_cast<double>(report.correct), all);
    report.interval = wilsonInterval(report.correct, report.rows);
    report.macroF1 = ratio(report.macroF1, present);
    report.weightedF1 = ratio(report.weightedF1, all);
}

std::optional<double> cohenKappa(const std::vector<std::vector<int64_t>> &confusion)
{
    double rows = 0;
    double agreed = 0;
    double byChance = 0;
    for (size_t c = 0; c < confusion.size(); ++c) {
        double expected = 0;
        double answered = 0;
        for (size_t other = 0; other < confusion.size(); ++other) {
            expected += static_cast<double>(confusion[c][other]);
            answered += static_cast<double>(confusion[other][c]);
        }
        rows += expected;
        agreed += static_cast<double>(confusion[c][c]);
        byChance += expected * answered;
    }
    if (rows == 0 || byChance == rows * rows)
        return std::nullopt;
    byChance /= rows;
    return (agreed - byChance) / (rows - byChance);
}

double fisherPValue(int64_t a, int64_t b, int64_t c, int64_t d)
{
    const auto logFactorial = [](int64_t n) { return std::lgamma(static_cast<double>(n) + 1); };
    const int64_t first = a + b;
    const int64_t second = c + d;
    const int64_t column = a + c;
    const double margins = logFactorial(first) + logFactorial(second) + logFactorial(column) + logFactorial(b + d) -
                           logFactorial(first + second);
    const auto logOf = [&](int64_t x) {
        return margins - logFactorial(x) - logFactorial(first - x) - logFactorial(column - x) -
               logFactorial(second - column + x);
    };
    const double observed = logOf(a);
    double sum = 0;
    for (int64_t x = std::max<int64_t>(0, column - second); x <= std::min(first, column); ++x) {
        const double log = logOf(x);
        if (log <= observed + 1e-7)  // as likely, but for rounding
            sum += std::exp(log);
    }
    return std::min(1.0, sum);
}

double mcnemarPValue(int64_t fixed, int64_t broke)
{
    const int64_t flips = fixed + broke;
    const int64_t fewer = std::min(fixed, broke);
    double tail = 0;
    for (int64_t k = 0; k <= fewer; ++k) {
        const auto n = static_cast<double>(flips);
        const auto i = static_cast<double>(k);
        tail += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) - n * std::log(2.0));
    }
    return std::min(1.0, 2 * tail);
}

}  // namespace engine
