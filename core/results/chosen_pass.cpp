// SPDX-License-Identifier: Apache-2.0
#include "core/results/chosen_pass.h"

#include "core/results/report_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace core {

namespace {

/// That the passes are scored on; 0: not known.
size_t heldOutRows(const std::vector<CheckpointInfo> &checkpoints)
{
    for (const CheckpointInfo &checkpoint : checkpoints) {
        const auto report = nlohmann::json::parse(checkpoint.validation, nullptr, false);
        if (report.is_object() && report.contains("rows") && report["rows"].is_number_unsigned())
            return report["rows"].get<size_t>();
    }
    return 0;
}

}  // namespace

std::vector<PassScore> passScores(const RunInfo &run, const std::vector<CheckpointInfo> &checkpoints)
{
    std::vector<PassScore> scores;
    for (const CheckpointInfo &checkpoint : checkpoints) {
        const auto report = nlohmann::json::parse(checkpoint.validation, nullptr, false);
        const bool hasLoss = report.is_object() && report.contains("log_loss") && report["log_loss"].is_number();
        scores.push_back({checkpoint.epoch, metricOf(report, run.config.metric),
                          hasLoss ? report["log_loss"].get<double>() : 0, checkpoint.trainLoss});
    }
    return scores;
}

int bestPass(const std::vector<PassScore> &scores)
{
    const auto worse = [](const PassScore &a, const PassScore &b) {
        return a.heldOut < b.heldOut || (a.heldOut == b.heldOut && a.heldOutLoss > b.heldOutLoss);
    };
    return std::max_element(scores.begin(), scores.end(), worse)->epoch;
}

int lastGoodPass(const std::vector<PassScore> &scores, size_t rows)
{
    const double error = 0.25 / std::sqrt(static_cast<double>(std::max<size_t>(rows, 1)));
    const auto best = std::max_element(scores.begin(), scores.end(),
                                       [](const auto &a, const auto &b) { return a.heldOut < b.heldOut; });
    const auto last = std::find_if(scores.rbegin(), scores.rend(),
                                   [&](const PassScore &s) { return s.heldOut >= best->heldOut - error; });
    return last->epoch;
}

int choosePass(const RunInfo &run, const std::vector<CheckpointInfo> &checkpoints)
{
    if (checkpoints.empty())
        return 0;
    const auto scores = passScores(run, checkpoints);
    const bool takesLast =
        run.config.recipe == engine::Recipe::SelfTraining && run.config.metric != engine::Metric::LogLoss;
    return takesLast ? lastGoodPass(scores, heldOutRows(checkpoints)) : bestPass(scores);
}

}  // namespace core
