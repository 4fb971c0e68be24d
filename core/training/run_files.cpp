// SPDX-License-Identifier: Apache-2.0
#include "core/training/run_files.h"

#include "core/base/atomic_file.h"
#include "core/results/chosen_pass.h"
#include "core/service/folder_lock.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr const char *ConfigName = "config.json";

/// A folder itself: what a link leads to is not the run's, takes no room here, and is never removed.
bool isOwnFolder(const fs::path &path)
{
    std::error_code code;
    return fs::symlink_status(path, code).type() == fs::file_type::directory;
}

int64_t bytesUnder(const fs::path &folder)
{
    int64_t bytes = 0;
    std::error_code code;
    if (!isOwnFolder(folder))
        return 0;
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
            TRY(removeCheckpoint(entry.path()));
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
        auto runs = TRY((store.*list)());
        for (const RunInfo &run : runs)
            names.insert(run.id);
    }
    auto unreadable = TRY(store.unreadable());
    for (const UnreadableRun &run : unreadable)
        names.insert(run.id);
    return names;
}

/// Folders in runs/ that no run points to, by name. A run is stored before it has a folder, so the folders are read
/// first.
Result<std::vector<std::string>> strayFolders(const Service &service)
{
    std::vector<std::string> folders;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(service.folder() / "runs", code)) {
        const std::string name = entry.path().filename().string();
        if (isOwnFolder(entry.path()) && isRunName(name))
            folders.push_back(name);
    }
    auto names = TRY(namesOf(RunStore(service.database())));
    std::erase_if(folders, [&](const std::string &name) { return names.contains(name); });
    std::ranges::sort(folders);
    return folders;
}

/// Lets no training begin meanwhile. One that is at work has said what it began with, so it may go on; one that still
/// prepares has not: Busy.
Result<std::optional<FolderLock>> keepTrainingsOut(const Service &service)
{
    TRY(service.settleDeadRuns());
    auto lock = FolderLock::forRun(service.folder());
    if (lock)
        return std::optional(std::move(*lock));
    auto isAtWork = TRY(RunStore(service.database()).isAnyRunning());
    if (lock.error().code != ErrorCode::Busy)
        return failure(lock);
    if (!isAtWork)
        return failure(ErrorCode::Busy, "A training of this service is about to begin. Try again in a moment.",
                       service.folder().string());
    return std::optional<FolderLock>();
}

/// Runs by what they began with, as far as they may still need it: those that are not complete, and those that a newer
/// program may go on with.
Result<std::set<std::string>> neededBases(const RunStore &store)
{
    auto runs = TRY(store.runs());
    auto unreadable = TRY(store.unreadable());
    std::set<std::string> bases;
    for (const RunInfo &run : runs) {
        if (run.state != "succeeded")
            bases.insert(run.base);
    }
    for (const UnreadableRun &run : unreadable)
        bases.insert(run.base);
    return bases;
}

/// Passes of which a removal has left weights that are no checkpoint any more.
std::vector<int> halfRemoved(const Service &service, const RunInfo &run, const std::vector<CheckpointInfo> &checkpoints)
{
    std::vector<int> passes;
    for (const CheckpointInfo &checkpoint : checkpoints) {
        if (!isThere(service.folder(), {run.id, checkpoint.epoch}) &&
            isOwnFolder(service.checkpointFolder(run.id, checkpoint.epoch)))
            passes.push_back(checkpoint.epoch);
    }
    return passes;
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
    auto runs = TRY(store.runs());
    for (const RunInfo &run : runs) {
        auto checkpoints = TRY(store.checkpoints(run.id));
        RunFiles files{run.id, run.state, bytesOfRun(service, run.id), {}};
        for (const CheckpointInfo &checkpoint : checkpoints)
            files.checkpoints.push_back({checkpoint.epoch, isThere(service.folder(), {run.id, checkpoint.epoch}),
                                         bytesUnder(service.checkpointFolder(run.id, checkpoint.epoch))});
        all.push_back(std::move(files));
    }
    auto unreadable = TRY(store.unreadable());
    for (const UnreadableRun &run : unreadable)
        all.push_back({run.id, "unreadable", bytesOfRun(service, run.id), {}});
    auto stray = TRY(strayFolders(service));
    for (const std::string &name : stray)
        all.push_back({name, {}, bytesOfRun(service, name), {}});
    return all;
}

Result<int64_t> removeRun(const Service &service, const std::string &run)
{
    const RunStore store(service.database());
    auto lock = TRY(keepTrainingsOut(service));
    auto names = TRY(namesOf(store));
    std::error_code code;
    const bool hasFolder = isRunName(run) && fs::exists(service.runFolder(run), code);
    if (!names.contains(run) && !hasFolder)
        return failure(ErrorCode::NotFound, "There is no run of this name in the service.", run);
    auto runs = TRY(store.runs());
    for (const RunInfo &other : runs) {
        if (other.state == "running" && other.base.starts_with(run + "/"))
            return failure(ErrorCode::Busy,
                           "A run that began with a checkpoint of this one is still working. Stop it first.", other.id);
    }
    const int64_t bytes = bytesOfRun(service, run);
    TRY(store.remove(run));
    if (hasFolder) {
        TRY(removeFolder(service.runFolder(run)));
    }
    return bytes;
}

Result<std::vector<int>> passesToDrop(const Service &service, const RunInfo &run, int keep)
{
    const RunStore store(service.database());
    auto checkpoints = TRY(store.checkpoints(run.id));
    auto needed = TRY(neededBases(store));
    const int used = usedPass(service.folder(), run, checkpoints);
    std::erase_if(checkpoints, [&](const CheckpointInfo &c) { return !isThere(service.folder(), {run.id, c.epoch}); });
    auto scores = passScores(run, checkpoints);
    const auto chosen = checkpointInUse(service);
    const int last = scores.empty() ? 0 : scores.back().epoch;
    const auto [first, end] = std::ranges::stable_partition(scores, [&](const PassScore &score) {
        const CheckpointName name{run.id, score.epoch};
        return score.epoch == used || score.epoch == last || (chosen && chosen->text() == name.text()) ||
               needed.contains(name.text()) || !isOwnFolder(service.checkpointFolder(run.id, score.epoch));
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
    auto lock = TRY(onlyLooks ? Result<std::optional<FolderLock>>(std::nullopt) : keepTrainingsOut(service));
    const RunStore store(service.database());
    auto runs = TRY(store.runs());
    Pruned pruned;
    const auto remove = [&](const fs::path &folder, const auto &by, auto &list, auto name) {
        const int64_t bytes = bytesUnder(folder);
        if (auto removed = onlyLooks ? Result<void>() : by(folder); !removed) {
            pruned.left.push_back(removed.error());
            return;
        }
        pruned.bytes += bytes;
        list.push_back(std::move(name));
    };
    for (const RunInfo &run : runs) {
        if (run.state == "running" || !isOwnFolder(service.runFolder(run.id)))
            continue;
        auto passes = passesToDrop(service, run, keep);
        auto checkpoints = store.checkpoints(run.id);
        if (!passes)
            return failure(passes);
        if (!checkpoints)
            return failure(checkpoints);
        std::ranges::copy(halfRemoved(service, run, *checkpoints), std::back_inserter(*passes));
        for (const int epoch : *passes)
            remove(service.checkpointFolder(run.id, epoch), removeCheckpoint, pruned.checkpoints,
                   CheckpointName{run.id, epoch});
        if (!onlyLooks)
            base::removeLeftOvers(service.runFolder(run.id) / "checkpoints");
    }
    auto stray = TRY(strayFolders(service));
    for (const std::string &name : stray)
        remove(service.runFolder(name), removeFolder, pruned.folders, name);
    return pruned;
}

}  // namespace core
