// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/base/counted.h"
#include "core/training/disk_fit.h"
#include "core/training/run_files.h"

#include <memory>
#include <utility>

namespace cli {

namespace {

using nlohmann::ordered_json;

struct Options {
    std::string service, action = "list", run;
    int keep = 1;
    bool onlyLooks = false;
};

std::string stateText(const core::RunFiles &files)
{
    return files.state.empty() ? "no run points to this folder" : files.state;
}

base::Result<int> list(const core::Service &service, Console &console)
{
    auto runs = TRY(core::filesOfRuns(service));
    const auto best = core::resolveCheckpoint(service, "best");
    auto all = ordered_json::array();
    auto stray = ordered_json::array();
    int64_t bytes = 0;
    for (const core::RunFiles &files : runs) {
        bytes += files.bytes;
        auto checkpoints = ordered_json::array();
        int64_t there = 0;
        for (const core::CheckpointFiles &checkpoint : files.checkpoints) {
            const core::CheckpointName name{files.run, checkpoint.epoch};
            there += checkpoint.isThere ? 1 : 0;
            checkpoints.push_back({{"id", name.text()},
                                   {"there", checkpoint.isThere},
                                   {"bytes", checkpoint.bytes},
                                   {"best", best && best->text() == name.text()}});
        }
        const auto gone = static_cast<int64_t>(files.checkpoints.size()) - there;
        console.say(files.run + ": " + stateText(files) + ", " + core::sizeText(files.bytes) +
                    (there > 0 ? ", " + base::counted(there, "checkpoint", "checkpoints") : "") +
                    (gone > 0 ? ", weights of " + base::counted(gone, "checkpoint", "checkpoints") + " gone" : ""));
        if (files.state.empty())
            stray.push_back({{"folder", files.run}, {"bytes", files.bytes}});
        else
            all.push_back({{"run", files.run},
                           {"state", files.state},
                           {"bytes", files.bytes},
                           {"checkpoints", std::move(checkpoints)}});
    }
    console.say(runs.empty() ? "Nothing is trained yet in this service." : "In all " + core::sizeText(bytes) + ".");
    console.result({{"runs", all}, {"folders_without_run", stray}, {"bytes", bytes}});
    return ExitDone;
}

base::Result<int> remove(const core::Service &service, const Options &o, Console &console)
{
    auto bytes = TRY(core::removeRun(service, o.run));
    console.say("Removed " + o.run + ". " + core::sizeText(bytes) + " are free again.");
    console.result({{"removed", o.run}, {"bytes", bytes}});
    return ExitDone;
}

base::Result<int> prune(const core::Service &service, const Options &o, Console &console)
{
    auto pruned = TRY(core::pruneRuns(service, o.keep, o.onlyLooks));
    auto checkpoints = ordered_json::array();
    for (const core::CheckpointName &name : pruned.checkpoints) {
        console.say((o.onlyLooks ? "Would remove the weights of " : "Removed the weights of ") + name.text());
        checkpoints.push_back(name.text());
    }
    for (const std::string &folder : pruned.folders)
        console.say((o.onlyLooks ? "Would remove the folder " : "Removed the folder ") + folder +
                    ", which no run points to");
    console.say(pruned.bytes == 0 ? "There is nothing to remove."
                                  : core::sizeText(pruned.bytes) +
                                        (o.onlyLooks ? " would be free." : " are free again. Scores are kept."));
    ordered_json result{
        {"removed", checkpoints}, {"folders", pruned.folders}, {"bytes", pruned.bytes}, {"dry_run", o.onlyLooks}};
    if (pruned.left.empty()) {
        console.result(result);
        return ExitDone;
    }
    const base::Error &first = pruned.left.front();
    if (pruned.left.size() > 1)
        console.say(base::counted(pruned.left.size(), "folder", "folders") +
                    " could not be removed. The first of them:");
    return console.fail(first, std::move(result));
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    if (o.action == "list")
        return list(service, console);
    return o.action == "remove" ? remove(service, o, console) : prune(service, o, console);
}

}  // namespace

void addRuns(const Command &app, Action &action)
{
    const Command command = app.addCommand("runs", "List trainings and their disk use; remove or shrink them");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("action", o->action,
                   "list (default), remove RUN, or prune: delete weights of checkpoints that are not needed, and "
                   "folders without a run. May also stand before the service");
    const Option name = command.option("run", o->run, "Run to remove");
    const Option keep =
        command.option("--keep", o->keep,
                       "With prune: checkpoints per run that keep their weights (default: 1). The best, "
                       "the last, the one in use and those that unfinished runs started from always do");
    keep.between(1, 1'000'000);
    const Option looks = command.flag("--dry-run", o->onlyLooks, "With prune: only say what would be deleted");
    command.whenGiven([=, &action] {
        const auto isAction = [](const std::string &word) {
            return word == "list" || word == "remove" || word == "prune";
        };
        if (!isAction(o->action) && isAction(o->service))
            std::swap(o->service, o->action);
        if (!isAction(o->action))
            refuseUsage("action", "'" + o->action + "' is none of list, remove and prune");
        if ((o->action == "remove") != (name.isGiven()))
            refuseUsage("run", o->action == "remove" ? "remove takes the name of a run"
                                                     : "only remove takes the name of a run");
        if (o->action != "prune" && (keep.isGiven() || looks.isGiven()))
            refuseUsage("--keep and --dry-run", "they belong to prune");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
