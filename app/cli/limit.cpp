// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/results/checkpoint_results.h"
#include "core/results/cost_table.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, checkpoint = "best";
    double rightShare = 0, below = -1, wrongCost = -1, askCost = -1;
    bool perClass = false, none = false, cheapest = false;
};

nlohmann::ordered_json jsonOf(const engine::Coverage &coverage)
{
    const auto range = coverage.interval();
    return {{"rows", coverage.rows},
            {"answered", coverage.answered},
            {"right", coverage.right},
            {"interval", {range.low, range.high}}};
}

/// What was asked for, set by held-out rows where a share is to be right.
base::Result<engine::AskRule> ruleOf(const Options &o, const core::Service &service,
                                     const core::CheckpointResults &results)
{
    if (o.none)
        return engine::AskRule();
    if (o.below >= 0)
        return engine::AskRule{static_cast<float>(o.below)};
    const auto &heldOut = results.heldOut.verdicts;
    if (heldOut.empty())
        return base::failure(base::ErrorCode::NotFound,
                             "This checkpoint has kept no answers to held-out rows, which limits are set by: it is of "
                             "an older version. Train again, or name a limit with --below.",
                             o.checkpoint);
    if (o.cheapest) {
        auto costs = TRY(core::costsOf(service));
        costs.ask = o.askCost < 0 ? costs.ask : o.askCost;
        costs.wrong = o.wrongCost < 0 ? costs.wrong : o.wrongCost;
        return engine::AskRule{engine::cheapestThreshold(heldOut, costs.of(results.shown.labels))};
    }
    if (o.perClass)
        return engine::thresholdsFor(heldOut, o.rightShare, results.shown.learned.size());
    const auto threshold = engine::thresholdFor(heldOut, o.rightShare);
    return engine::AskRule{threshold.value_or(engine::AskAlways)};
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto name = TRY(core::resolveCheckpoint(service, o.checkpoint));
    auto results = TRY(core::readResults(service, name));
    const auto &labels = results.shown.learned;
    const bool sets = o.none || o.below >= 0 || o.rightShare > 0 || o.cheapest;
    engine::AskRule rule = results.askRule.value_or(engine::AskRule());
    if (sets) {
        rule = TRY(ruleOf(o, service, results));
        TRY(engine::writeAskRule(service.checkpointFolder(name.run, name.epoch), rule, labels));
    }
    const auto exam = engine::coverageOf(results.shown.verdicts, rule);
    const core::ScoreKind kind = results.shown.kind;
    const bool asks = rule.threshold > 0 || !rule.perClass.empty();
    console.say(name.text() + (!asks                    ? " asks nobody: every answer stands."
                               : !rule.perClass.empty() ? " asks a person below a limit for each class."
                               : rule.threshold > 1
                                   ? " always asks a person."
                                   : " asks a person below " + std::to_string(rule.threshold).substr(0, 4) + "."));
    if (exam.rows > 0)
        console.say("Of " + core::countedRows(kind, exam.rows) + " it answers " +
                    (exam.answered == 0 ? "none by itself."
                                        : percent(exam.share()) + " by itself and is right on " +
                                              percent(exam.rightShare()) + " of these.") +
                    (kind == core::ScoreKind::Exam ? "" : " There is no exam: the same rows set limits."));
    nlohmann::ordered_json perClass = nullptr;
    for (size_t i = 0; i < rule.perClass.size(); ++i)
        perClass[labels[i]] = rule.perClass[i];
    auto counted = jsonOf(exam);
    counted["kind"] = core::name(kind);
    console.result({{"checkpoint", name.text()},
                    {"ask_below", asks ? nlohmann::ordered_json(rule.threshold) : nullptr},
                    {"per_class", perClass},
                    {"exam", counted}});
    return ExitDone;
}

}  // namespace

void addLimit(const Command &app, Action &action)
{
    const Command command = app.addCommand("limit", "Show or set the confidence below which a person is asked");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("checkpoint", o->checkpoint, "RUN/EPOCH (default: the best)");
    const Option right =
        command.option("--right", o->rightShare,
                       "The lowest limit that keeps this share of the answers correct on held-out rows, such as 0.95");
    right.from(0.5, 1);
    const Option below = command.option("--below", o->below, "This confidence").from(0, 1);
    const Option none = command.flag("--none", o->none, "No limit: every answer stands");
    command.flag("--per-class", o->perClass, "With --right: a limit per class").needs(right);
    const Option cheapest = command.flag("--cheapest", o->cheapest, "The limit that costs least on held-out rows");
    for (auto [name, cost, words] : {std::tuple{"--wrong-cost", &o->wrongCost, "With --cheapest: cost of a mistake"},
                                     {"--ask-cost", &o->askCost, "With --cheapest: cost of asking a person"}})
        command.option(name, *cost, words).from(0).needs(cheapest);
    right.excludes(below).excludes(none).excludes(cheapest);
    below.excludes(none).excludes(cheapest);
    none.excludes(cheapest);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
