// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/hints.h"
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
    auto &s = o->train.settings;
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
    command.option("--epochs", s.epochs,
                   "Passes over the rows (default: by the recipe). Self-training counts its head as the first");
    command.option("--learning-rate,--lr", s.learningRate, "Learning rate of the encoder (default: by the recipe)")
        .from(0, 1, Lowest::Excluded);
    command.option("--head-learning-rate,--head-lr", s.headLearningRate, "Learning rate of the head")
        .from(0, 1, Lowest::Excluded);
    command.option("--batch-size,--batch", s.batchSize, "Rows per step (default: 32)");
    command.option("--schedule", s.schedule, "Learning rate schedule: linear, cosine or constant");
    command.option("--warmup-ratio", s.warmupRatio, "Share of the steps used for warm-up (default: 0.05)").from(0, 1);
    command.option("--weight-decay", s.weightDecay, "Weight decay (default: 0)").from(0, 1);
    command.option("--max-length", s.maxLength,
                   "Maximum tokens per text, or per window with --long-texts windows (default: 256)");
    command
        .option(
            "--long-texts", s.longTexts,
            "What to do with longer texts: cut them, or read them whole in overlapping windows and average the answers")
        .oneOf({"cut", "windows"});
    command
        .option("--balance", s.balance,
                "Help for rare classes: weights counts their rows more, sampling shows them more often")
        .oneOf({"none", "weights", "sampling"});
    command
        .option("--teacher-labels", s.teacherLabels,
                "Rows that a teacher labelled. automatic: learn from them if a trial on rows labelled by people "
                "shows that it helps")
        .oneOf({"automatic", "use", "leave"});
    command.option("--rebalance", s.rebalance,
                   "How many rows per class to learn from, as shares or counts: refund=0.3,delivery=0.2");
    command.option("--label-smoothing", s.labelSmoothing, "Label smoothing (default: 0)").from(0, 0.999);
    command
        .option("--reject-share", s.rejectShare,
                "With a catch-all class: share of correct answers to give up for it (default: 0.05)")
        .from(0, 0.5);
    command.option("--patience", s.patience,
                   "Stop after N passes without improvement on held-out rows (default: 0, never)");
    command.option("--metric", s.metric, "Score on held-out rows that chooses the best pass. automatic: accuracy")
        .oneOf({"automatic", "macro_f1", "log_loss"});
    command.option("--top-layers", s.topLayers,
                   "Train only the top N layers. The layers below are computed once (default: 0, train all)");
    command.option("--lora-r", s.loraRank, "LoRA rank (default: 16)");
    command.option("--lora-alpha", s.loraAlpha, "LoRA alpha (default: twice the rank)")
        .from(0, 65536, Lowest::Excluded);
    command.option("--lora-dropout", s.loraDropout, "LoRA dropout (default: 0)").from(0, 0.999);
    command.option("--lora-targets", s.loraTargets,
                   "Layers that get adapters, by the end of their names: query,value (default: all-linear)");
    command.option("--gradient-checkpointing", s.checkpointsGradients,
                   "true: needs a fifth of the memory or less per batch, and a third more time");
    command.option("--precision", s.precision, "Number type for computing. bfloat16 works on GPUs only")
        .oneOf({"automatic", "float32", "bfloat16"});
    command.option("--seed", s.seed, "Random seed (default: 123)");
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
