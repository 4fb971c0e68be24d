// SPDX-License-Identifier: Apache-2.0
// A classification report as the JSON of the command line and of the store.
#pragma once

#include "core/engine/config/training_config.h"
#include "core/engine/eval/metrics.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace core {

[[nodiscard]] nlohmann::ordered_json reportJson(const engine::ClassificationReport &report,
                                                const std::vector<std::string> &labels);

/// The figures that choose an epoch, where more is not known.
[[nodiscard]] nlohmann::ordered_json scoreJson(engine::TaskType task, double decisive, double macroF1, double logLoss);

/// The thresholds that go with such a report; does nothing without any.
void addThresholds(nlohmann::ordered_json &report, const std::vector<float> &thresholds);
/// Empty where there are none.
[[nodiscard]] std::vector<float> thresholdsOf(const nlohmann::json &report);

/// engine::decisiveScore of what reportJson or scoreJson wrote; 0 for anything else.
[[nodiscard]] double decisiveScore(const nlohmann::json &report);

/// The figure that `metric` names, of what reportJson or scoreJson wrote: the larger the better, log-loss negative.
[[nodiscard]] double metricOf(const nlohmann::json &report, engine::Metric metric);

/// A report as it was stored, with the names of its classes.
struct StoredReport {
    engine::ClassificationReport report;
    std::vector<std::string> labels;  ///< empty: only decisiveScore and log-loss are known, rows is 0
    std::vector<float> thresholds;    ///< multi-label, of the held-out report
    bool crossValidated = false;      ///< of train rows left out in turn, not of a held-out part
};

/// What reportJson wrote; nothing for an empty or foreign text.
[[nodiscard]] std::optional<StoredReport> parseReport(const std::string &text);

}  // namespace core
