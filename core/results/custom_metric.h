// SPDX-License-Identifier: Apache-2.0
// Figures that the user defines: a small JavaScript function, called once a row, averaged.
#pragma once

#include "core/base/progress.h"
#include "core/engine/eval/metrics.h"
#include "core/results/answers.h"

namespace core {

struct CustomMetric {
    std::string name;
    /// (text, expected, predicted, probabilities) => a number, or true or false. `expected` and `predicted` are class
    /// names, or lists of them where a row may have any number; `probabilities` an object, by name.
    std::string code;
    bool operator==(const CustomMetric &) const = default;
};

struct MetricScore {
    double mean = 0;
    engine::Interval interval;  ///< 95 %, bootstrap over rows
    std::vector<float> values;  ///< one a row of the answers
};

/// Why a metric has no score.
struct MetricFailure {
    std::string message;  ///< a sentence: what went wrong
    int64_t example = 0;  ///< the row that it went wrong on; 0: on none
};

/// Calls the function for every row, in a process of its own (stillroom-scorer) that can neither read files nor reach a
/// network, with two seconds a row and half a minute of CPU time in all. A function that throws or gives anything but
/// a number fails with its row; no row is ever scored 0 in its place. Any thread with its own service.
/// @returns an error where the scorer itself could not be run.
[[nodiscard]] base::Result<MetricScore> scoreBy(const CustomMetric &metric, const Service &service,
                                                const Answers &answers, const base::WorkContext &context,
                                                MetricFailure *failed = nullptr);

/// To begin with: exact match, share of classes that match, right among the three most probable, cost.
[[nodiscard]] const std::vector<CustomMetric> &readyMetrics();

/// Those that the service keeps, by name.
[[nodiscard]] base::Result<std::vector<CustomMetric>> metricsOf(const Service &service);
/// Keeps it, in place of one of the same name; without code that one is forgotten.
[[nodiscard]] base::Result<void> keepMetric(const Service &service, const CustomMetric &metric);

}  // namespace core
