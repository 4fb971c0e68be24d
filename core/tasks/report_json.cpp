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

std::optional<StoredReport> parseReport(const std::string &text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    try {
        StoredReport stored;
        auto &report = stored.report;
        stored.crossValidated = json.value("cross_validated", false);
        if (!json.contains("labels")) {  // only the two figures that choose an epoch were kept
            report.accuracy = json.at("accuracy");
            report.logLoss = json.at("log_loss");
            return stored;
        }
        stored.labels = json.at("labels").get<std::vector<std::string>>();
        report.rows = json.at("rows");
        report.accuracy = json.at("accuracy");
        report.interval = {json.at("interval").at(0), json.at("interval").at(1)};
        report.macroF1 = json.at("macro_f1");
        report.weightedF1 = json.at("weighted_f1");
        report.logLoss = json.at("log_loss");
        report.ece = json.at("ece");
        report.confusion = json.at("confusion").get<std::vector<std::vector<int64_t>>>();
        for (const auto &label : stored.labels) {
            const auto &m = json.at("per_class").at(label);
            report.perClass.push_back({m.at("precision"), m.at("recall"), m.at("f1"), m.at("support")});
        }
        for (size_t i = 0; i < report.confusion.size(); ++i)
            report.correct += report.confusion[i].at(i);
        return stored;
    } catch (const std::exception &) {
        return std::nullopt;
    }
}

}  // namespace core
