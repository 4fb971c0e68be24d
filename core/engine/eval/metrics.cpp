// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/metrics.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

constexpr int CalibrationBins = 15;
constexpr double SmallestProbability = 1e-12;

double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double expectedCalibrationError(const Matrix &probabilities, std::span<const int> labels,
                                const std::vector<int> &predicted)
{
    struct Bin {
        double confidence = 0;
        double correct = 0;
    };
    std::vector<Bin> bins(CalibrationBins);
    for (size_t i = 0; i < labels.size(); ++i) {
        const double confidence = probabilities.row(i)[static_cast<size_t>(predicted[i])];
        const int bin =
            std::clamp(static_cast<int>(std::ceil(confidence * CalibrationBins)) - 1, 0, CalibrationBins - 1);
        bins[static_cast<size_t>(bin)].confidence += confidence;
        bins[static_cast<size_t>(bin)].correct += predicted[i] == labels[i] ? 1 : 0;
    }
    double error = 0;
    for (const Bin &bin : bins)
        error += std::abs(bin.confidence - bin.correct);
    return ratio(error, static_cast<double>(labels.size()));
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

std::vector<int> argmax(const Matrix &values)
{
    std::vector<int> result(values.rows);
    for (size_t i = 0; i < values.rows; ++i) {
        const auto row = values.row(i);
        result[i] = static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
    }
    return result;
}

ClassificationReport classificationReport(const Matrix &probabilities, std::span<const int> labels)
{
    const size_t classes = probabilities.columns;
    const auto predicted = argmax(probabilities);
    ClassificationReport report;
    report.rows = static_cast<int64_t>(labels.size());
    report.confusion.assign(classes, std::vector<int64_t>(classes, 0));
    for (size_t i = 0; i < labels.size(); ++i) {
        const auto truth = static_cast<size_t>(labels[i]);
        ++report.confusion[truth][static_cast<size_t>(predicted[i])];
        report.correct += predicted[i] == labels[i] ? 1 : 0;
        report.logLoss -= std::log(std::max<double>(probabilities.row(i)[truth], SmallestProbability));
    }
    const auto rows = static_cast<double>(report.rows);
    report.accuracy = ratio(static_cast<double>(report.correct), rows);
    report.logLoss = ratio(report.logLoss, rows);
    report.interval = wilsonInterval(report.correct, report.rows);
    report.ece = expectedCalibrationError(probabilities, labels, predicted);
    int present = 0;
    for (size_t c = 0; c < classes; ++c) {
        int64_t asPredicted = 0;
        ClassMetrics metrics;
        for (size_t other = 0; other < classes; ++other) {
            asPredicted += report.confusion[other][c];
            metrics.support += report.confusion[c][other];
        }
        const auto hits = static_cast<double>(report.confusion[c][c]);
        metrics.precision = ratio(hits, static_cast<double>(asPredicted));
        metrics.recall = ratio(hits, static_cast<double>(metrics.support));
        metrics.f1 = ratio(2 * hits, static_cast<double>(asPredicted + metrics.support));
        if (asPredicted + metrics.support > 0) {
            ++present;
            report.macroF1 += metrics.f1;
        }
        report.weightedF1 += metrics.f1 * static_cast<double>(metrics.support);
        report.perClass.push_back(metrics);
    }
    report.macroF1 = ratio(report.macroF1, present);
    report.weightedF1 = ratio(report.weightedF1, rows);
    return report;
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
