// SPDX-License-Identifier: Apache-2.0
#include "core/results/checkpoint_name.h"

#include "core/results/report_json.h"
#include "core/results/run_classes.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *ChosenKey = "checkpoint_in_use";

Result<CheckpointName> bestOf(const Service &service)
{
    auto best = bestCheckpoint(RunStore(service.database()), service.examples());
    if (!best)
        return failure(best);
    if (!*best)
        return failure(ErrorCode::NotFound, "Nothing is trained yet in this service. Train it first.",
                       service.folder().string());
    return **best;
}

bool isExam(const Service &service, const std::string &name)
{
    auto run = RunStore(service.database()).run(name);
    return run && run->isExam();
}

}  // namespace

Result<CheckpointName> resolveAnswers(const Service &service, const std::string &text)
{
    return isExam(service, text) ? CheckpointName{text, 0} : resolveCheckpoint(service, text);
}

Result<std::optional<CheckpointName>> bestCheckpoint(const RunStore &store, const ExampleStore &examples)
{
    auto runs = store.runs();
    if (!runs)
        return failure(runs);
    std::optional<CheckpointName> best;
    double bestScore = -1;
    for (const RunInfo &run : *runs) {
        if (run.state != "succeeded" || run.bestEpoch == 0)
            continue;
        auto checkpoints = store.checkpoints(run.id);
        if (!checkpoints)
            return failure(checkpoints);
        auto classes = runClasses(examples, run);
        if (!classes)
            return failure(classes);
        for (const CheckpointInfo &checkpoint : *checkpoints) {
            const auto report = nlohmann::json::parse(checkpoint.validation, nullptr, false);
            // Rows of classes that came later count as wrong, so that all runs are judged by the same rows.
            const double score = decisiveScore(report) * classes->knownShare;
            if (checkpoint.epoch == run.bestEpoch && score >= bestScore) {
                best = {run.id, checkpoint.epoch};
                bestScore = score;
            }
        }
    }
    return best;
}

Result<CheckpointName> resolveCheckpoint(const Service &service, const std::string &text)
{
    if (text == "best")
        return bestOf(service);
    const size_t slash = text.find('/');
    CheckpointName name{text.substr(0, slash), 0};
    if (slash != std::string::npos)
        std::from_chars(text.data() + slash + 1, text.data() + text.size(), name.epoch);
    std::error_code code;
    const bool there = isRunName(name.run) && name.epoch > 0 && name.text() == text &&
                       std::filesystem::exists(service.checkpointFolder(name.run, name.epoch) / "config.json", code);
    if (!there && isExam(service, text))
        return failure(ErrorCode::Unsupported,
                       "This is the exam of a teacher: it has answers that can be looked at, but no weights to use.",
                       text);
    if (!there)
        return failure(ErrorCode::NotFound,
                       "There is no checkpoint of this name. Checkpoints are named RUN/EPOCH, for example finetune/3, "
                       "or \"best\".",
                       text);
    return name;
}

Result<CheckpointName> checkpointInUse(const Service &service)
{
    auto chosen = service.setting(ChosenKey);
    if (!chosen)
        return failure(chosen);
    if (!chosen->empty()) {
        if (auto name = resolveCheckpoint(service, *chosen))
            return name;
    }
    return bestOf(service);
}

Result<void> chooseCheckpoint(const Service &service, const CheckpointName &name)
{
    return service.setSetting(ChosenKey, name.text());
}

}  // namespace core
