// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/run_files.h"

#include "core/base/atomic_file.h"
#include "core/results/chosen_pass.h"

#include <algorithm>
#include <set>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *ConfigName = "config.json";

int64_t bytesUnder(const fs::path &folder)
{
    int64_t bytes = 0;
    std::error_code code;
    for (auto entry = fs::recursive_directory_iterator(folder, code); !code && entry != fs::end(entry);
         entry.increment(code)) {
        std::error_code gone;  // a run may be at work
        if (entry->is_regular_file(gone) && !entry->is_symlink(gone)) {
            const auto size = entry->file_size(gone);
            bytes += gone ? 0 : static_cast<int64_t>(size);
        }
    }
    return bytes;
}

/// A folder itself: what a link leads to is not the run's, and is never removed.
bool isOwnFolder(const fs::path &path)
{
    std::error_code code;
    return fs::symlink_status(path, code).type() == fs::file_type::directory;
}

/// First what makes a checkpoint one: half a folder must not be taken for it.
Result<void> removeCheckpoint(const fs::path &folder)
{
    std::error_code code;
    if (isOwnFolder(folder))
        fs::remove(folder / ConfigName, code);
    if (!code)
        fs::remove_all(folder, code);
    if (code)
        return failure(ErrorCode::Io, "This folder could not be removed entirely. Check its permissions.",
                       folder.string());
    return {};
}

Result<void> removeFolder(const fs::path &folder)
{
    std::error_code code;
    if (isOwnFolder(folder) && isOwnFolder(folder / "checkpoints")) {
        for (const auto &entry : fs::directory_iterator(folder / "checkpoints", code)) {
            if (auto removed = removeCheckpoint(entry.path()); !removed)
                return removed;
        }
    }
    code.clear();
    fs::remove_all(folder, code);
    if (code)
        return failure(ErrorCode::Io, "This folder could not be removed entirely. Check its permissions.",
                       folder.string());
    return {};
}

Result<std::set<std::string>> namesOf(const RunStore &store)
{
    std::set<std::string> names;
    for (const auto list : {&RunStore::runs, &RunStore::exams}) {
        auto runs = (store.*list)();
        if (!runs)
            return failure(runs);
        for (const RunInfo &run : *runs)
            names.insert(run.id);
    }
    auto unreadable = store.unreadable();
    if (!unreadable)
        return failure(unreadable);
    for (const UnreadableRun &run : *unreadable)
        names.insert(run.id);
    return names;
}

/// Folders in runs/ that no run points to, by name.
Result<std::vector<std::string>> strayFolders(const Service &service)
{
    auto names = namesOf(RunStore(service.database()));
    if (!names)
        return failure(names);
    std::vector<std::string> stray;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(service.folder() / "runs", code)) {
        const std::string name = entry.path().filename().string();
        std::error_code ignored;
        if (entry.is_directory(ignored) && !entry.is_symlink(ignored) && isRunName(name) && !names->contains(name))
            stray.push_back(name);
    }
    std::ranges::sort(stray);
    return stray;
}

/// Whether a run that is not complete began with it: it may need it to go on.
bool isNeeded(const std::vector<RunInfo> &runs, const CheckpointName &name)
{
    return std::ranges::any_of(runs,
                               [&](const RunInfo &run) { return run.state != "succeeded" && run.base == name.text(); });
}

}  // namespace

int64_t bytesOfRun(const Service &service, const std::string &run)
{
    return isRunName(run) ? bytesUnder(service.runFolder(run)) : 0;
}

Result<std::vector<RunFiles>> filesOfRuns(const Service &service)
{
    const RunStore store(service.database());
    std::vector<RunFiles> all;
    auto runs = store.runs();
    if (!runs)
        return failure(runs);
    for (const RunInfo &run : *runs) {
        auto checkpoints = store.checkpoints(run.id);
        if (!checkpoints)
            return failure(checkpoints);
        RunFiles files{run.id, run.state, bytesOfRun(service, run.id), {}};
        for (const CheckpointInfo &checkpoint : *checkpoints)
            files.checkpoints.push_back({checkpoint.epoch, isThere(service.folder(), {run.id, checkpoint.epoch}),
                                         bytesUnder(service.checkpointFolder(run.id, checkpoint.epoch))});
        all.push_back(std::move(files));
    }
    auto unreadable = store.unreadable();
    if (!unreadable)
        return failure(unreadable);
    for (const UnreadableRun &run : *unreadable)
        all.push_back({run.id, "unreadable", bytesOfRun(service, run.id), {}});
    auto stray = strayFolders(service);
    if (!stray)
        return failure(stray);
    for (const std::string &name : *stray)
        all.push_back({name, {}, bytesOfRun(service, name), {}});
    return all;
}

Result<int64_t> removeRun(const Service &service, const std::string &run)
{
    const RunStore store(service.database());
    if (auto settled = service.settleDeadRuns(); !settled)
        return failure(settled);
    auto names = namesOf(store);
    if (!names)
        return failure(names);
    std::error_code code;
    const bool hasFolder = isRunName(run) && fs::exists(service.runFolder(run), code);
    if (!names->contains(run) && !hasFolder)
        return failure(ErrorCode::NotFound, "There is no run of this name in the service.", run);
    auto runs = store.runs();
    if (!runs)
        return failure(runs);
    for (const RunInfo &other : *runs) {
        if (other.state == "running" && other.base.starts_with(run + "/"))
            return failure(ErrorCode::Busy,
                           "A run that began with a checkpoint of this one is still working. Stop it first.", other.id);
    }
    const int64_t bytes = bytesOfRun(service, run);
    if (auto removed = store.remove(run); !removed)
        return failure(removed);
    if (hasFolder) {
        if (auto removed = removeFolder(service.runFolder(run)); !removed)
            return failure(removed);
    }
    return bytes;
}

Result<std::vector<int>> passesToDrop(const Service &service, const RunInfo &run, int keep)
{
    const RunStore store(service.database());
    auto checkpoints = store.checkpoints(run.id);
    if (!checkpoints)
        return failure(checkpoints);
    auto runs = store.runs();
    if (!runs)
        return failure(runs);
    const int used = usedPass(service.folder(), run, *checkpoints);
    std::erase_if(*checkpoints, [&](const CheckpointInfo &c) { return !isThere(service.folder(), {run.id, c.epoch}); });
    auto scores = passScores(run, *checkpoints);
    const auto chosen = checkpointInUse(service);
    const int last = scores.empty() ? 0 : scores.back().epoch;
    const auto [first, end] = std::ranges::stable_partition(scores, [&](const PassScore &score) {
        const CheckpointName name{run.id, score.epoch};
        return score.epoch == used || score.epoch == last || (chosen && chosen->text() == name.text()) ||
               isNeeded(*runs, name);
    });
    std::stable_sort(first, end, [](const PassScore &a, const PassScore &b) { return a.heldOut > b.heldOut; });
    const auto always = static_cast<size_t>(first - scores.begin());
    std::vector<int> dropped;
    for (size_t i = std::max(always, static_cast<size_t>(std::max(keep, 0))); i < scores.size(); ++i)
        dropped.push_back(scores[i].epoch);
    std::ranges::sort(dropped);
    return dropped;
}

void keepCheckpoints(const Service &service, const RunInfo &run)
{
    const auto dropped = passesToDrop(service, run, run.keep);
    if (!dropped)
        return;
    for (const int epoch : *dropped)
        static_cast<void>(removeCheckpoint(service.checkpointFolder(run.id, epoch)));
}

Result<Pruned> pruneRuns(const Service &service, int keep, bool onlyLooks)
{
    if (auto settled = service.settleDeadRuns(); !settled)
        return failure(settled);
    auto runs = RunStore(service.database()).runs();
    if (!runs)
        return failure(runs);
    Pruned pruned;
    const auto remove = [&](const fs::path &folder, const auto &by) -> Result<void> {
        pruned.bytes += bytesUnder(folder);
        return onlyLooks ? Result<void>() : by(folder);
    };
    for (const RunInfo &run : *runs) {
        if (run.state == "running")
            continue;
        auto dropped = passesToDrop(service, run, keep);
        if (!dropped)
            return failure(dropped);
        for (const int epoch : *dropped) {
            if (auto removed = remove(service.checkpointFolder(run.id, epoch), removeCheckpoint); !removed)
                return failure(removed);
            pruned.checkpoints.push_back({run.id, epoch});
        }
        if (!onlyLooks)
            base::removeLeftOvers(service.runFolder(run.id) / "checkpoints");
    }
    auto stray = strayFolders(service);
    if (!stray)
        return failure(stray);
    for (const std::string &name : *stray) {
        if (auto removed = remove(service.runFolder(name), removeFolder); !removed)
            return failure(removed);
        pruned.folders.push_back(name);
    }
    return pruned;
}

}  // namespace core
