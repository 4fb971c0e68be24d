// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/hints.h"
#include "app/cli/number_option.h"
#include "app/cli/train_report.h"
#include "core/base/atomic_file.h"
#include "core/base/cores.h"
#include "core/store/backups.h"
#include "core/tasks/training_cost.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, config;
    core::TrainOptions train;
    bool onlyEstimates = false;
};

int estimate(const core::Service &service, const core::TrainOptions &options, Console &console)
{
    auto cost = core::estimateTraining(service, options, console.context());
    if (!cost)
        return console.fail(cost.error());
    console.say(estimateSentence(*cost));
    console.result(estimateJson(*cost));
    return ExitDone;
}

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    static_cast<void>(core::backUpDaily(service->database()));  // a full disk shows where it matters
    core::TrainOptions options = o.train;
    const core::AppSettings &settings = console.settings();
    // A run that goes on has its own.
    const bool isNew = options.resume.empty();
    if (isNew && options.base.empty())
        options.base = settings.get<std::string>("training.base");
    if (isNew && options.threads == 0)
        options.threads = static_cast<int>(settings.get<int64_t>("training.threads"));
    if (!o.config.empty()) {
        auto text = base::readFile(o.config, 16 << 20);
        if (!text)
            return console.fail(text.error());
        auto file = core::parseConfigFile(*text, o.config);
        if (!file)
            return console.fail(file.error());
        for (const auto &note : file->notes)
            console.say("info:   " + withHint(note));
        options.settings = options.settings.over(file->training);
    }
    if (o.onlyEstimates)
        return estimate(*service, options, console);
    bool hasBegun = !isNew;
    auto outcome = core::train(*service, options, console.context(), [&](const core::CheckpointInfo &c) {
        hasBegun = true;
        sayEpoch(console, c);
    });
    if (!outcome)
        return console.fail(outcome.error(), hasBegun ? sayFinished(*service, options.resume, console)
                                                      : nlohmann::ordered_json::object());
    for (const auto &note : outcome->notes)
        console.say("note:   " + withHint(note));
    console.say("Run " + outcome->run.id + " is complete. Chosen by rows that it did not train on: " + outcome->run.id +
                "/" + std::to_string(outcome->run.bestEpoch) + ".");
    console.result(trainJson(*outcome));
    return ExitDone;
}

}  // namespace

void addTrain(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("train", "Train a classifier; every epoch becomes a checkpoint");
    auto o = std::make_shared<Options>();
    auto &s = o->train.settings;
    command->add_option("service", o->service, "Folder of the service")->required();
    command
        ->add_option("--recipe", o->train.recipe,
                     "automatic (chosen by the rows there are), seconds (frozen features and a linear head), "
                     "self-training (the head answers unlabelled rows, all weights learn from both), finetune (all "
                     "weights, labelled rows) or lora (small adapters beside weights that stay)")
        ->check(CLI::IsMember({"automatic", "seconds", "self-training", "finetune", "lora"}));
    command->add_option("--base", o->train.base,
                        "Base weights: a name from `models`, a folder, or an own checkpoint RUN/EPOCH");
    command->add_option("--config", o->config, "A distil labs config.yaml; its tuning section is used");
    command->add_flag(
        "--anyway", o->train.anyway,
        "Train although classes have no rows, or only one: no text is answered with those that have none");
    command->add_option("--epochs", s.epochs,
                        "Passes over the rows; self-training counts its head as one (by the recipe)");
    command->add_option("--lr", s.learningRate, "Learning rate of the encoder")
        ->check(numberFrom(0, 1, Lowest::Excluded));
    command->add_option("--head-lr", s.headLearningRate, "Learning rate of the head")
        ->check(numberFrom(0, 1, Lowest::Excluded));
    command->add_option("--batch", s.batchSize, "Rows a step (32)");
    command->add_option("--schedule", s.schedule, "linear, cosine or constant");
    command->add_option("--warmup-ratio", s.warmupRatio, "Share of the steps that warm up (0.05)")
        ->check(numberFrom(0, 1));
    command->add_option("--weight-decay", s.weightDecay, "(0)")->check(numberFrom(0, 1));
    command->add_option("--max-length", s.maxLength, "Tokens a text is cut at, or of a window (256)");
    command
        ->add_option(
            "--long-texts", s.longTexts,
            "Texts that are longer: cut, or windows (read whole, in windows that overlap; the answer is the mean "
            "of theirs)")
        ->check(CLI::IsMember({"cut", "windows"}));
    command
        ->add_option("--balance", s.balance,
                     "For rare classes: none, weights (their rows count more), sampling (they come more often)")
        ->check(CLI::IsMember({"none", "weights", "sampling"}));
    command
        ->add_option("--teacher-labels", s.teacherLabels,
                     "Rows that a teacher labelled: automatic learns from them where rows of people say that it helps; "
                     "use; leave")
        ->check(CLI::IsMember({"automatic", "use", "leave"}));
    command->add_option("--rebalance", s.rebalance,
                        "How much of each class, as shares of all rows or as rows: refund=0.3,delivery=0.2");
    command->add_option("--label-smoothing", s.labelSmoothing, "Share of a target that goes to all classes (0)")
        ->check(numberFrom(0, 0.999));
    command
        ->add_option("--reject-share", s.rejectShare,
                     "With a class for what fits no other one: share of right answers given up for it (0.05)")
        ->check(numberFrom(0, 0.5));
    command->add_option("--patience", s.patience,
                        "End when so many passes brought nothing on held-out rows; 0: never (0)");
    command
        ->add_option("--metric", s.metric,
                     "What decides on held-out rows: automatic (what is right), macro_f1 or log_loss")
        ->check(CLI::IsMember({"automatic", "macro_f1", "log_loss"}));
    command->add_option("--top-layers", s.topLayers,
                        "Only so many layers learn, counted from the head; what is below is read once (0: all learn)");
    command->add_option("--lora-r", s.loraRank, "Rank of the adapters (16)");
    command->add_option("--lora-alpha", s.loraAlpha, "What they count, divided by the rank (twice the rank)")
        ->check(numberFrom(0, 65536, Lowest::Excluded));
    command->add_option("--lora-dropout", s.loraDropout, "On what adapters read (0)")->check(numberFrom(0, 0.999));
    command->add_option("--lora-targets", s.loraTargets,
                        "Layers with adapters, by the end of their names: query,value (all-linear)");
    command->add_option("--gradient-checkpointing", s.checkpointsGradients,
                        "true: a fifth of the memory or less for a batch, for a third more time");
    command->add_option("--precision", s.precision, "float32, bfloat16 (GPUs only) or automatic")
        ->check(CLI::IsMember({"automatic", "float32", "bfloat16"}));
    command->add_option("--seed", s.seed, "(123)");
    command->add_option("--threads", o->train.threads, "CPU threads; all cores by default")
        ->check(CLI::Range(0, base::MostCores));
    command->add_option("--name", o->train.name, "Name of the run");
    command
        ->add_option("--keep", o->train.keep,
                     "So many checkpoints keep their weights, the best and the last always (0: all); scores stay")
        ->check(CLI::Range(0, 1'000'000));
    auto *resume = command->add_option(
        "--resume", o->train.resume,
        "Go on with an interrupted or stopped run; settings that differ from the recorded ones are refused");
    command
        ->add_flag("--estimate", o->onlyEstimates,
                   "Only say how long it would take and what it would need, measured on some of the rows")
        ->excludes(resume);
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
