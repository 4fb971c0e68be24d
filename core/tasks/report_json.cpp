// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/report_json.h"

namespace core {

nlohmann::ordered_json reportJson(const engine::ClassificationReport &report, const std::vector<std::string> &labels)
{
    nlohmann::ordered_json perClass = nlohmann::ordered_json::object();
    for (size_t i = 0; i < report.perClass.size(); ++i) {
        const auto &m = report.perClass[i];
        perClass[labels[i]] = {{"precision", m.precision}, {"recall", m.recall}, {"f1", m.f1}, {"support", m.support}};
    }
    return {{"rows", report.rows},
            {"accuracy", report.accuracy},
            {"interval", {report.interval.low, report.interval.high}},
            {"macro_f1", report.macroF1},
            {"weighted_f1", report.weightedF1},
            {"log_loss", report.logLoss},
            {"ece", report.ece},
            {"per_class", perClass},
            {"confusion", report.confusion},
            {"labels", labels}};
}

}  // namespace core
