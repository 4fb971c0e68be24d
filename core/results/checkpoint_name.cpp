// SPDX-License-Identifier: Apache-2.0
#include "core/results/checkpoint_name.h"

#include "core/results/chosen_pass.h"
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

Result<bool> hasCheckpoints(const RunStore &store)
{
    auto runs = TRY(store.runs());
    for (const RunInfo &run : runs) {
        auto checkpoints = TRY(store.checkpoints(run.id));
        if (!checkpoints.empty())
            return true;
    }
    return false;
}

Result<CheckpointName> bestOf(const Service &service)
{
    const RunStore store(service.database());
    auto best = TRY(bestCheckpoint(service.folder(), store, service.examples()));
    if (best)
        return *best;
    auto hadAny = TRY(hasCheckpoints(store));
    return failure(ErrorCode::NotFound,
                   hadAny ? "The checkpoints of this service are gone: their folders are not there any more. Train it "
                            "again."
                          : "Nothing is trained yet in this service. Train it first.",
                   service.folder().string());
}

bool isExam(const Service &service, const std::string &name)
{
    auto run = RunStore(service.database()).run(name);
    return run && run->isExam();
}

/// RUN/EPOCH as it stands.
std::optional<CheckpointName> parsed(const std::string &text)
{
    const size_t slash = text.find('/');
    CheckpointName name{text.substr(0, slash), 0};
    if (slash != std::string::npos)
        std::from_chars(text.data() + slash + 1, text.data() + text.size(), name.epoch);
    const bool isSound = isRunName(name.run) && name.epoch > 0 && name.text() == text;
    return isSound ? std::optional(name) : std::nullopt;
}

bool isKnown(const Service &service, const CheckpointName &name)
{
    const auto checkpoints = RunStore(service.database()).checkpoints(name.run);
    return checkpoints && std::ranges::find(*checkpoints, name.epoch, &CheckpointInfo::epoch) != checkpoints->end();
}

}  // namespace

bool isThere(const std::filesystem::path &service, const CheckpointName &name)
{
    std::error_code code;
    return std::filesystem::exists(Service::checkpointFolder(service, name.run, name.epoch) / "config.json", code);
}

Result<CheckpointName> resolveAnswers(const Service &service, const std::string &text)
{
    if (isExam(service, text))
        return CheckpointName{text, 0};
    const auto name = parsed(text);
    return name && isKnown(service, *name) ? Result<CheckpointName>(*name) : resolveCheckpoint(service, text);
}

int usedPass(const std::filesystem::path &service, const RunInfo &run, const std::vector<CheckpointInfo> &checkpoints)
{
    const int chosen = run.bestEpoch > 0 ? run.bestEpoch : choosePass(run, checkpoints);
    if (chosen == 0 || isThere(service, {run.id, chosen}))
        return chosen;
    auto there = checkpoints;
    std::erase_if(there, [&](const CheckpointInfo &c) { return !isThere(service, {run.id, c.epoch}); });
    return choosePass(run, there);
}

Result<std::optional<CheckpointName>> bestCheckpoint(const std::filesystem::path &service, const RunStore &store,
                                                     const ExampleStore &examples)
{
    auto runs = TRY(store.runs());
    // One that is at work comes last.
    std::ranges::stable_partition(runs, [](const RunInfo &run) { return run.state != "running"; });
    std::optional<CheckpointName> best;
    double bestScore = -1;
    for (const RunInfo &run : runs) {
        if (run.state == "running" && best)
            break;
        auto checkpoints = TRY(store.checkpoints(run.id));
        const int pass = usedPass(service, run, checkpoints);
        const auto used = std::ranges::find(checkpoints, pass, &CheckpointInfo::epoch);
        if (used == checkpoints.end())
            continue;
        auto classes = TRY(runClasses(examples, run));
        // Rows of classes that came later count as wrong, so that all runs are judged by the same rows.
        const double score =
            decisiveScore(nlohmann::json::parse(used->validation, nullptr, false)) * classes.knownShare;
        if (score >= bestScore) {
            best = {run.id, pass};
            bestScore = score;
        }
    }
    return best;
}

Result<CheckpointName> resolveCheckpoint(const Service &service, const std::string &text)
{
    if (text == "best")
        return bestOf(service);
    const auto name = parsed(text);
    if (name && isThere(service.folder(), *name))
        return *name;
    if (isExam(service, text))
        return failure(ErrorCode::Unsupported,
                       "This is the exam of a teacher: it has answers that can be looked at, but no weights to use.",
                       text);
    if (name && isKnown(service, *name))
        return failure(ErrorCode::NotFound,
                       "The weights of this checkpoint are gone: its folder is not there any more. Its scores are "
                       "kept. Choose another checkpoint.",
                       text);
    return failure(ErrorCode::NotFound,
                   "There is no checkpoint of this name. Checkpoints are named RUN/EPOCH, for example finetune/3, or "
                   "\"best\".",
                   text);
}

Result<CheckpointName> resolveNameOrFolder(const Service &service, const std::string &text)
{
    auto named = resolveCheckpoint(service, text);
    if (named)
        return named;
    std::error_code code;
    const auto folder = std::filesystem::canonical(text, code);
    const auto runs = code ? folder : std::filesystem::canonical(service.folder() / "runs", code);
    const auto name = parsed(folder.parent_path().parent_path().filename().string() + "/" + folder.filename().string());
    const bool isOwn = !code && name && folder == runs / name->run / "checkpoints" / std::to_string(name->epoch);
    return isOwn ? resolveCheckpoint(service, name->text()) : named;
}

Result<CheckpointName> checkpointInUse(const Service &service)
{
    auto chosen = TRY(service.setting(keys::CheckpointInUse));
    if (!chosen.empty()) {
        if (auto name = resolveCheckpoint(service, chosen))
            return name;
    }
    return bestOf(service);
}

Result<void> chooseCheckpoint(const Service &service, const CheckpointName &name)
{
    return service.setSetting(keys::CheckpointInUse, name.text());
}

}  // namespace core
