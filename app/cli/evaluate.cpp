// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/split_option.h"
#include "app/cli/thread_option.h"
#include "core/base/atomic_file.h"
#include "core/results/report_json.h"
#include "core/results/run_classes.h"
#include "core/tasks/evaluate_task.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, checkpoint, predictions;
    core::Split split = core::Split::Test;
};

base::Result<void> writePredictions(const std::string &path, const core::Evaluation &e)
{
    std::string text;
    const auto truth = engine::classesOf(e.truth, e.combinations);
    const bool several = e.rule.task == engine::TaskType::MultiLabel;
    const auto named = [&](const std::vector<int> &classes) -> nlohmann::ordered_json {
        auto names = nlohmann::ordered_json::array();
        for (const int c : classes)
            names.push_back(e.labels[static_cast<size_t>(c)]);
        return several ? names : names.front();
    };
    for (size_t i = 0; i < e.ids.size(); ++i) {
        nlohmann::ordered_json probabilities = nlohmann::ordered_json::object();
        for (size_t j = 0; j < e.labels.size(); ++j)
            probabilities[e.labels[j]] = e.probabilities.row(i)[j];
        text += nlohmann::ordered_json{{"id", e.ids[i]},
                                       {"expected", named(truth[i])},
                                       {several ? "labels" : "label",
                                        named(engine::answerOf(e.probabilities.row(i), e.rule))},
                                       {"probs", probabilities}}
                    .dump() +
                "\n";
    }
    return base::writeFile(path, text);
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto e = TRY(core::evaluate(service, o.checkpoint, o.split, console.context()));
    if (!o.predictions.empty()) {
        TRY(writePredictions(o.predictions, e));
    }
    const auto &r = e.report;
    const bool several = r.task == engine::TaskType::MultiLabel;
    const bool isTrain = o.split == core::Split::Train;
    const std::string remark = isTrain ? "" : core::remarkOn(e.kind, e.fromTrain > 0);
    console.say(e.checkpoint.text() + (several ? ": all labels right on " : ": right on ") + std::to_string(r.correct) +
                " of " +
                (isTrain ? std::to_string(r.rows) + " rows of train, from which it learned"
                         : core::countedRows(e.kind, r.rows)) +
                ", " + percent(r.accuracy) + " (between " + percent(r.interval.low) + " and " +
                percent(r.interval.high) + "); " +
                (several ? percent(r.labelMatch) + " of all yes and no right, micro F1 " + percent(r.microF1) + ", "
                         : std::string()) +
                "macro F1 " + percent(r.macroF1) + ", calibration error " + percent(r.ece) + ".");
    for (size_t i = 0; i < e.labels.size(); ++i) {
        const auto &m = r.perClass[i];
        console.say("  " + e.labels[i] + ": precision " + percent(m.precision) + ", recall " + percent(m.recall) +
                    ", F1 " + percent(m.f1) + ", " + std::to_string(m.support) + " rows");
    }
    if (!remark.empty())
        console.say(remark);
    if (e.fromTrain > 0 && e.kind == core::ScoreKind::Exam)
        console.say(core::countedRows(e.kind, e.fromTrain) +
                    " left out: this checkpoint was trained when they were rows of train. Train again.");
    if (e.unknown > 0)
        console.say(core::unknownText(e.unknown, e.labels, e.learned.size()));
    if (e.stale)
        console.say(std::string("The rows of ") +
                    (e.kind == core::ScoreKind::Exam ? core::name(o.split) : core::name(core::Split::Train)) +
                    " have changed since this checkpoint was trained.");
    nlohmann::ordered_json json{{"checkpoint", e.checkpoint.text()},
                                {"kind", isTrain ? core::name(o.split) : core::name(e.kind)}};
    json.update(core::reportJson(r, e.labels));
    json["stale"] = e.stale;
    json["learned_from"] = e.fromTrain;
    json["unknown_class"] = e.unknown;
    console.result(json);
    return ExitDone;
}

}  // namespace

void addEvaluate(const Command &app, Action &action)
{
    const Command command = app.addCommand("evaluate", "Score a checkpoint on labelled rows");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("checkpoint", o->checkpoint, "RUN/EPOCH, or best").required();
    addSplitOption(command, o->split);
    command.option("--predictions", o->predictions, "Write one JSON line per row to this file");
    addThreadOption(command);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
