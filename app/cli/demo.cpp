// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/export_report.h"
#include "app/cli/findings.h"
#include "app/cli/thread_option.h"
#include "app/cli/train_report.h"
#include "core/base/user_folders.h"
#include "core/settings/samples_folder.h"
#include "core/tasks/init_task.h"

#include <memory>

namespace fs = std::filesystem;

namespace cli {

namespace {

constexpr const char *SampleName = "shop-mails";

/// The sample lies in share/stillroom beside the folder of the executable, built and installed alike.
base::Result<fs::path> sampleFolder()
{
    std::error_code code;
    const fs::path folder = core::samplesFolder() / SampleName;
    if (!fs::exists(folder / "job_description.json", code))
        return base::failure(base::ErrorCode::NotFound,
                             "The sample is not where it should be. Build or install Stillroom again.",
                             folder.lexically_normal().string());
    return folder;
}

int run(const fs::path &place, Console &console)
{
    auto sample = sampleFolder();
    if (!sample)
        return console.fail(sample.error());
    const fs::path service = place / SampleName;
    const fs::path package = place / (std::string(SampleName) + "-classifier");
    std::error_code code;
    fs::remove_all(service, code);
    fs::remove_all(package, code);

    console.say("1. Create a service from the sample: what does a mail to a small shop want?");
    auto created = core::initFromFolder(service, *sample, SampleName, console.context());
    if (!created)
        return console.fail(created.error());
    auto opened = core::Service::open(service);
    if (!opened)
        return console.fail(opened.error());
    auto counts = opened->examples().counts();
    if (!counts)
        return console.fail(counts.error());
    console.say("   " + std::to_string(counts->train) + " train, " + std::to_string(counts->test) + " test and " +
                std::to_string(counts->unlabelled) + " unlabelled rows.");

    console.say("2. Check the rows.");
    sayFindings(console, created->findings);
    if (created->findings.empty())
        console.say("   Nothing to fix.");

    console.say("3. Train by what suits these rows; every epoch is a checkpoint, cross-validation chooses.");
    auto outcome =
        core::train(*opened, {}, console.context(), [&](const core::CheckpointInfo &c) { sayEpoch(console, c); });
    if (!outcome)
        return console.fail(outcome.error());
    for (const auto &note : outcome->notes)
        console.say("   " + note);
    const std::string best = outcome->run.id + "/" + std::to_string(outcome->run.bestEpoch);

    console.say("4. Export " + best + " and verify it.");
    auto exported = core::exportHf(*opened, best, package, console.context());
    if (!exported)
        return console.fail(exported.error());
    sayExport(console, *exported);
    console.say("Try it:  echo '\"Where is my parcel?\"' | stillroom-cli predict " + package.string() + " -");
    auto json = trainJson(*outcome);
    json["service"] = service.string();
    json["export"] = exportJson(*exported);
    console.result(json);
    return ExitDone;
}

}  // namespace

void addDemo(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("demo", "The main job on the built-in sample, from rows to a verified package");
    auto place = std::make_shared<std::string>();
    command->add_option("--to", *place,
                        "Folder for the demo's service and package; the user's cache by default. Made anew each time");
    addThreadOption(*command);
    command->callback([=, &action] {
        action = [place](Console &console) {
            return run(place->empty() ? base::cacheFolder() / "demo" : fs::path(*place), console);
        };
    });
}

}  // namespace cli
