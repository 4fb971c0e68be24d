// SPDX-License-Identifier: Apache-2.0
#include "core/results/report_json.h"

#include <cmath>

namespace core {

namespace {

constexpr const char *Accuracy = "accuracy";
constexpr const char *MicroF1 = "micro_f1";  ///< only multi-label reports have it

}  // namespace

nlohmann::ordered_json reportJson(const engine::ClassificationReport &report, const std::vector<std::string> &labels)
{
    nlohmann::ordered_json perClass = nlohmann::ordered_json::object();
    for (size_t i = 0; i < report.perClass.size(); ++i) {
        const auto &m = report.perClass[i];
        perClass[labels[i]] = {{"precision", m.precision}, {"recall", m.recall}, {"f1", m.f1}, {"support", m.support}};
    }
    if (report.task == engine::TaskType::MultiLabel)
        return {{"problem_type", engine::name(report.task)},
                {"rows", report.rows},
                {"exact_match", report.accuracy},
                {"interval", {report.interval.low, report.interval.high}},
                {"label_match", report.labelMatch},
                {"hamming", report.hammingLoss},
                {MicroF1, report.microF1},
                {"macro_f1", report.macroF1},
                {"weighted_f1", report.weightedF1},
                {"log_loss", report.logLoss},
                {"ece", report.ece},
                {"per_class", perClass},
                {"labels", labels}};
    return {{"rows", report.rows},
            {Accuracy, report.accuracy},
            {"interval", {report.interval.low, report.interval.high}},
            {"macro_f1", report.macroF1},
            {"weighted_f1", report.weightedF1},
            {"log_loss", report.logLoss},
            {"ece", report.ece},
            {"per_class", perClass},
            {"confusion", report.confusion},
            {"labels", labels}};
}

nlohmann::ordered_json scoreJson(engine::TaskType task, double decisive, double macroF1, double logLoss)
{
    return {{task == engine::TaskType::MultiLabel ? MicroF1 : Accuracy, decisive},
            {"macro_f1", macroF1},
            {"log_loss", logLoss}};
}

void addThresholds(nlohmann::ordered_json &report, const std::vector<float> &thresholds)
{
    if (!thresholds.empty())
        report["thresholds"] = thresholds;
}

std::vector<float> thresholdsOf(const nlohmann::json &report)
{
    std::vector<float> thresholds;
    const auto kept = report.is_object() ? report.value("thresholds", nlohmann::json()) : nlohmann::json();
    for (const auto &value : kept.is_array() ? kept : nlohmann::json::array())
        thresholds.push_back(value.is_number() ? value.get<float>() : engine::AnswerThreshold);
    return thresholds;
}

double decisiveScore(const nlohmann::json &report)
{
    for (const char *key : {MicroF1, Accuracy}) {
        if (report.is_object() && report.contains(key) && report[key].is_number())
            return report[key];
    }
    return 0;
}

double metricOf(const nlohmann::json &report, engine::Metric metric)
{
    const char *key = metric == engine::Metric::MacroF1 ? "macro_f1" : "log_loss";
    const bool isThere = report.is_object() && report.contains(key) && report[key].is_number();
    if (metric == engine::Metric::Automatic || !isThere)  // the scores of older runs have less
        return decisiveScore(report);
    return metric == engine::Metric::LogLoss ? -report[key].get<double>() : report[key].get<double>();
}

std::optional<StoredReport> parseReport(const std::string &text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    try {
        StoredReport stored;
        auto &report = stored.report;
        const bool isMultiLabel = json.contains(MicroF1);
        if (isMultiLabel)
            report.task = engine::TaskType::MultiLabel;
        stored.thresholds = thresholdsOf(json);
        stored.crossValidated = json.value("cross_validated", false);
        if (!json.contains("labels")) {  // only the two figures that choose an epoch were kept
            (isMultiLabel ? report.microF1 : report.accuracy) = decisiveScore(json);
            report.logLoss = json.at("log_loss");
            return stored;
        }
        stored.labels = json.at("labels").get<std::vector<std::string>>();
        report.rows = json.at("rows");
        report.accuracy = json.at(isMultiLabel ? "exact_match" : Accuracy);
        report.interval = {json.at("interval").at(0), json.at("interval").at(1)};
        report.macroF1 = json.at("macro_f1");
        report.weightedF1 = json.at("weighted_f1");
        report.logLoss = json.at("log_loss");
        report.ece = json.at("ece");
        if (isMultiLabel) {
            report.microF1 = json.at(MicroF1);
            report.labelMatch = json.at("label_match");
            report.hammingLoss = json.at("hamming");
            report.correct = std::llround(report.accuracy * static_cast<double>(report.rows));
        } else {
            report.microF1 = report.accuracy;
            report.confusion = json.at("confusion").get<std::vector<std::vector<int64_t>>>();
        }
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
