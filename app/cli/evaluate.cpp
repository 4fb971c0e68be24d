// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/split_option.h"
#include "core/base/atomic_file.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/report_json.h"

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
    const auto predicted = engine::argmax(e.probabilities);
    for (size_t i = 0; i < e.ids.size(); ++i) {
        nlohmann::ordered_json probabilities = nlohmann::ordered_json::object();
        for (size_t j = 0; j < e.labels.size(); ++j)
            probabilities[e.labels[j]] = e.probabilities.row(i)[j];
        text += nlohmann::ordered_json{{"id", e.ids[i]},
                                       {"expected", e.labels[static_cast<size_t>(e.truth[i])]},
                                       {"label", e.labels[static_cast<size_t>(predicted[i])]},
                                       {"probs", probabilities}}
                    .dump() +
                "\n";
    }
    return base::writeFile(path, text);
}

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    auto e = core::evaluate(*service, o.checkpoint, o.split, console.context());
    if (!e)
        return console.fail(e.error());
    if (!o.predictions.empty()) {
        if (auto written = writePredictions(o.predictions, *e); !written)
            return console.fail(written.error());
    }
    const auto &r = e->report;
    console.say(e->checkpoint.text() + ": right on " + std::to_string(r.correct) + " of " + std::to_string(r.rows) +
                " rows of " + core::name(o.split) + ", " + percent(r.accuracy) + " (between " +
                percent(r.interval.low) + " and " + percent(r.interval.high) + "); macro F1 " + percent(r.macroF1) +
                ", calibration error " + percent(r.ece) + ".");
    for (size_t i = 0; i < e->labels.size(); ++i) {
        const auto &m = r.perClass[i];
        console.say("  " + e->labels[i] + ": precision " + percent(m.precision) + ", recall " + percent(m.recall) +
                    ", F1 " + percent(m.f1) + ", " + std::to_string(m.support) + " rows");
    }
    if (e->stale)
        console.say(std::string("The rows of ") + core::name(o.split) +
                    " have changed since this checkpoint was trained.");
    nlohmann::ordered_json json{{"checkpoint", e->checkpoint.text()}};
    json.update(core::reportJson(r, e->labels));
    json["stale"] = e->stale;
    console.result(json);
    return ExitDone;
}

}  // namespace

void addEvaluate(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("evaluate", "Score a checkpoint on labelled rows");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command->add_option("checkpoint", o->checkpoint, "RUN/EPOCH, or best")->required();
    addSplitOption(*command, o->split);
    command->add_option("--predictions", o->predictions, "Write a JSON line a row to this file");
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
