// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/export_report.h"
#include "app/cli/findings.h"
#include "app/cli/thread_option.h"
#include "app/cli/train_report.h"
#include "core/base/counted.h"
#include "core/base/user_folders.h"
#include "core/settings/samples_folder.h"
#include "core/tasks/init_task.h"
#include "core/tasks/train_task.h"
#include "core/training/training_cost.h"

#include <chrono>
#include <cmath>
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

class Stopwatch {
public:
    /// Seconds since it was made: "4 s".
    [[nodiscard]] std::string text() const
    {
        const auto passed = std::chrono::steady_clock::now() - m_start;
        return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(passed).count()) + " s";
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// "   Checkpoint 1: 54 of 60 exam rows correct (likely 48 to 57)", without its full stop.
std::string passLine(const core::CheckpointInfo &checkpoint)
{
    std::string line = "   Checkpoint " + std::to_string(checkpoint.epoch);
    const auto test = nlohmann::json::parse(checkpoint.test, nullptr, false);
    if (!test.is_object())
        return line;
    const auto rows = test["rows"].get<int64_t>();
    const auto ofRows = [&](double share) { return std::to_string(std::llround(share * static_cast<double>(rows))); };
    return line + ": " + ofRows(test["accuracy"].get<double>()) + " of " + std::to_string(rows) +
           " exam rows correct (likely " + ofRows(test["interval"][0].get<double>()) + " to " +
           ofRows(test["interval"][1].get<double>()) + ")";
}

base::Result<int> run(const fs::path &place, Console &console)
{
    auto sample = TRY(sampleFolder());
    const fs::path service = place / SampleName;
    const fs::path package = place / (std::string(SampleName) + "-classifier");
    std::error_code code;
    fs::remove_all(service, code);
    fs::remove_all(package, code);

    console.say("The task: what does a mail to a small shop want? Six answers are possible.");
    auto created = TRY(core::initFromFolder(service, sample, SampleName, console.context()));
    auto opened = TRY(core::Service::open(service));
    auto counts = TRY(opened.examples().counts());
    console.say("1. Rows: " + std::to_string(counts.train) + " labelled mails to learn from, " +
                std::to_string(counts.unlabelled) + " without a label, and " + std::to_string(counts.test) +
                " for the exam.");
    sayFindings(console, created.findings);
    if (created.findings.empty())
        console.say("   The check of the rows finds nothing to fix.");

    const auto estimate = TRY(core::estimateTraining(opened, {}, console.context()));
    console.say("2. Training: about " + std::to_string(static_cast<int64_t>(estimate.seconds + 0.5)) +
                " s on this machine. Each pass over the rows gives a checkpoint that can be used.");
    const Stopwatch watch;
    auto outcome = TRY(core::train(opened, {}, console.context(), [&](const core::CheckpointInfo &c) {
        console.say(passLine(c) + (c.epoch == 1 ? ", after " + watch.text() + ". It can be used already" : "") + ".");
    }));
    const std::string best = outcome.run.id + "/" + std::to_string(outcome.run.bestEpoch);
    console.say("   Chosen: checkpoint " + std::to_string(outcome.run.bestEpoch) +
                ", by rows that were left out of training. The exam played no part.");

    auto exported = TRY(core::exportPackage(opened, best, package, console.context()));
    console.say("3. Export: loaded again and compared on " + base::counted(exported.rows, "row", "rows") +
                ", the same answer on " + percent(exported.agreement) + ".");
    console.say("   The service:    " + service.string());
    console.say("   The classifier: " + package.string() + ", for Hugging Face transformers and what reads its format");
    console.say("Try it:  echo '\"Where is my parcel?\"' | stillroom-cli predict " + package.string() + " -");
    auto json = trainJson(outcome);
    json["service"] = service.string();
    json["export"] = exportJson(exported);
    console.result(json);
    return ExitDone;
}

}  // namespace

void addDemo(const Command &app, Action &action)
{
    const Command command = app.addCommand("demo", "Train and export a classifier from the built-in sample");
    auto place = std::make_shared<std::string>();
    command.option("--to", *place,
                   "Folder for the service and the package (default: in the user's cache). Replaced each time");
    addThreadOption(command);
    command.whenGiven([=, &action] {
        action = [place](Console &console) {
            return run(place->empty() ? base::cacheFolder() / "demo" : fs::path(*place), console);
        };
    });
}

}  // namespace cli
