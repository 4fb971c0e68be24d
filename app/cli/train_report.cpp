// SPDX-License-Identifier: Apache-2.0
#include "app/cli/train_report.h"

#include "core/base/counted.h"
#include "core/results/checkpoint_name.h"
#include "core/results/report_json.h"
#include "core/results/score_kind.h"

namespace cli {

namespace {

nlohmann::ordered_json parsed(const std::string &report)
{
    return report.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json::parse(report);
}

/// With the kind of rows that it was counted on.
nlohmann::ordered_json parsed(const std::string &report, core::ScoreKind kind)
{
    auto json = parsed(report);
    if (json.is_object())
        json["kind"] = core::name(kind == core::ScoreKind::HeldOut && json.contains("cross_validated")
                                      ? core::ScoreKind::CrossValidated
                                      : kind);
    return json;
}

std::string figureOf(const nlohmann::ordered_json &report)
{
    return (report.contains("micro_f1") ? "micro F1 " : "") + percent(core::decisiveScore(report));
}

}  // namespace

void sayEpoch(Console &console, const core::CheckpointInfo &checkpoint)
{
    const auto validation = parsed(checkpoint.validation);
    const auto test = parsed(checkpoint.test);
    std::string line = "Epoch " + std::to_string(checkpoint.epoch);
    if (checkpoint.trainLoss > 0)
        line += ": train loss " + std::to_string(checkpoint.trainLoss).substr(0, 6);
    if (validation.is_object())
        line += std::string(validation.contains("cross_validated") ? ", cross-validated " : ", held-out rows ") +
                figureOf(validation);
    if (test.is_object()) {
        line += ", test " + figureOf(test);
        if (!test.contains("micro_f1"))
            line += " (between " + percent(test["interval"][0].get<double>()) + " and " +
                    percent(test["interval"][1].get<double>()) + ")";
    }
    console.say(line + ".");
}

nlohmann::ordered_json sayFinished(const core::Service &service, const std::string &run, Console &console)
{
    const core::RunStore store(service.database());
    const auto runs = store.runs();
    if (!runs || runs->empty())
        return nlohmann::ordered_json::object();
    const auto info = run.empty() ? base::Result<core::RunInfo>(runs->back()) : store.run(run);
    const auto checkpoints = info ? store.checkpoints(info->id) : base::Result<std::vector<core::CheckpointInfo>>();
    if (!info || !checkpoints || info->state == "succeeded" || info->state == "running")  // another program's
        return nlohmann::ordered_json::object();
    auto finished = nlohmann::ordered_json::array();
    for (const core::CheckpointInfo &checkpoint : *checkpoints) {
        const core::CheckpointName name{info->id, checkpoint.epoch};
        if (core::isThere(service.folder(), name))
            finished.push_back(name.text());
    }
    const core::CheckpointName used{info->id, core::usedPass(service.folder(), *info, *checkpoints)};
    if (!finished.empty())
        console.say(base::counted(finished.size(), "pass is", "passes are") +
                    " finished and can be used; the best so far is " + used.text() +
                    ". To go on: stillroom-cli train " + service.folder().string() + " --resume " + info->id);
    return {{"run", info->id},
            {"state", info->state},
            {"finished", finished},
            {"best", finished.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(used.text())}};
}

nlohmann::ordered_json trainJson(const core::TrainOutcome &outcome)
{
    const auto &run = outcome.run;
    auto checkpoints = nlohmann::ordered_json::array();
    for (const auto &c : outcome.checkpoints) {
        checkpoints.push_back({{"id", run.id + "/" + std::to_string(c.epoch)},
                               {"epoch", c.epoch},
                               {"train_loss", c.trainLoss},
                               {"temperature", c.temperature},
                               {"validation", parsed(c.validation, core::ScoreKind::HeldOut)},
                               {"test", parsed(c.test, core::ScoreKind::Exam)}});
    }
    nlohmann::ordered_json curve = nullptr;
    if (!outcome.curve.points.empty()) {
        curve = {{"points", nlohmann::ordered_json::array()},
                 {"gain_with_twice_the_rows", outcome.curve.gain},
                 {"interval", {outcome.curve.interval.low, outcome.curve.interval.high}}};
        for (const auto &point : outcome.curve.points)
            curve["points"].push_back({{"rows", point.rows}, {"right", point.right}});
    }
    return {
        {"run", run.id},
        {"recipe", engine::name(run.config.recipe)},
        {"automatic", outcome.automatic.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(outcome.automatic)},
        {"base", run.base},
        {"device", run.device},
        {"seconds", run.seconds},
        {"rows_per_second", run.rowsPerSecond},
        {"checkpoints", checkpoints},
        {"best", run.id + "/" + std::to_string(run.bestEpoch)},
        {"learning_curve", curve},
        {"notes", outcome.notes}};
}

std::string estimateSentence(const core::TrainingCost &cost)
{
    const auto minutes = static_cast<int64_t>(cost.seconds / 60);
    const std::string time = cost.seconds < 100 ? std::to_string(static_cast<int64_t>(cost.seconds + 0.5)) + " seconds"
                                                : base::counted(minutes, "minute", "minutes");
    std::string sentence = "The recipe " + cost.recipe + " with " + base::counted(cost.rows, "row", "rows");
    if (cost.unlabelled > 0)
        sentence += " and " + base::counted(cost.unlabelled, "unlabelled one", "unlabelled ones");
    sentence += " takes about " + time + (cost.crossValidates ? ", cross-validation included" : "");
    constexpr int64_t Megabyte = 1'000'000;
    if (cost.memoryBytes > 0)
        sentence += ", " + std::to_string(cost.memoryBytes / Megabyte) + " MB of memory";
    return sentence + " and " + std::to_string(cost.diskBytes / Megabyte) + " MB of disk.";
}

nlohmann::ordered_json estimateJson(const core::TrainingCost &cost)
{
    return {{"recipe", cost.recipe},
            {"rows", cost.rows},
            {"unlabelled", cost.unlabelled},
            {"epochs", cost.epochs},
            {"cross_validates", cost.crossValidates},
            {"seconds", cost.seconds},
            {"memory_bytes", cost.memoryBytes > 0 ? nlohmann::ordered_json(cost.memoryBytes) : nullptr},
            {"disk_bytes", cost.diskBytes},
            {"read_tokens_per_second", cost.speed.read},
            {"learn_tokens_per_second", cost.speed.learn}};
}

}  // namespace cli
