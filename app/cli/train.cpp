// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/hints.h"
#include "app/cli/setting_options.h"
#include "app/cli/train_report.h"
#include "core/base/atomic_file.h"
#include "core/base/cores.h"
#include "core/store/backups.h"
#include "core/tasks/train_task.h"
#include "core/training/training_cost.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, config;
    core::TrainOptions train;
    bool onlyEstimates = false;
};

base::Result<int> estimate(const core::Service &service, const core::TrainOptions &options, Console &console)
{
    auto cost = TRY(core::estimateTraining(service, options, console.context()));
    console.say(estimateSentence(cost));
    console.result(estimateJson(cost));
    return ExitDone;
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    static_cast<void>(core::backUpDaily(service.database()));  // a full disk shows where it matters
    core::TrainOptions options = o.train;
    const core::AppSettings &settings = console.settings();
    // A run that goes on has its own.
    const bool isNew = options.resume.empty();
    if (isNew && options.base.empty())
        options.base = settings.get<std::string>("training.base");
    if (isNew && options.threads == 0)
        options.threads = static_cast<int>(settings.get<int64_t>("training.threads"));
    if (!o.config.empty()) {
        auto text = TRY(base::readFile(o.config, 16 << 20));
        auto file = TRY(core::parseConfigFile(text, o.config));
        for (const auto &note : file.notes)
            console.say("info:   " + withHint(note));
        options.settings = options.settings.over(file.training);
    }
    if (o.onlyEstimates)
        return estimate(service, options, console);
    bool hasBegun = !isNew;
    auto outcome = core::train(service, options, console.context(), [&](const core::CheckpointInfo &c) {
        hasBegun = true;
        sayEpoch(console, c);
    });
    if (!outcome)
        return console.fail(outcome.error(), hasBegun ? sayFinished(service, options.resume, console)
                                                      : nlohmann::ordered_json::object());
    for (const auto &note : outcome->notes)
        console.say("note:   " + withHint(note));
    console.say("Run " + outcome->run.id + " is complete. Chosen by rows that it did not train on: " + outcome->run.id +
                "/" + std::to_string(outcome->run.bestEpoch) + ".");
    console.result(trainJson(*outcome));
    return ExitDone;
}

}  // namespace

void addTrain(const Command &app, Action &action)
{
    const Command command = app.addCommand("train", "Train a classifier; each pass over the rows becomes a checkpoint");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command
        .option("--recipe", o->train.recipe,
                "How to train. automatic: what suits your rows. seconds: a linear head on frozen features. "
                "self-training: all weights, on labelled rows and on unlabelled rows that the head has answered. "
                "finetune: all weights, on labelled rows. lora: small adapters beside frozen weights")
        .oneOf({"automatic", "seconds", "self-training", "finetune", "lora"});
    command.option("--base", o->train.base,
                   "Weights to start from: a name from `models`, a folder, or one of your checkpoints as RUN/EPOCH");
    command.option("--config", o->config, "Read settings from the tuning section of a distil labs config.yaml");
    command.flag("--anyway", o->train.anyway,
                 "Train even if some classes have no rows or only one. A class without rows is never answered");
    addSettingOptions(command, o->train.settings);
    command.option("--threads", o->train.threads, "CPU threads (default: all cores)").between(0, base::MostCores);
    command.option("--name", o->train.name, "Name of the run (default: the recipe)");
    command
        .option("--keep", o->train.keep,
                "Keep the weights of N checkpoints, always the best and the last (default: 0, all). Scores stay")
        .between(0, 1'000'000);
    const Option resume =
        command.option("--resume", o->train.resume,
                       "Continue an interrupted run. Settings that differ from the recorded ones are refused");
    command.flag("--estimate", o->onlyEstimates, "Only estimate time, memory and disk, measured on some of the rows")
        .excludes(resume);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
