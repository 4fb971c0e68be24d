// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/tasks/evaluate_task.h"

#include <cmath>
#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, a, b;
};

constexpr size_t MostClassesSaid = 5;

std::string points(double before, double after)
{
    const std::string change = std::to_string(std::abs(after - before) * 100);
    return std::string(after >= before ? "+" : "-") + change.substr(0, change.find('.') + 2);
}

base::Result<std::vector<core::ConfigDifference>> differences(const core::Service &service, const Options &o)
{
    std::vector<core::RunInfo> runs;
    for (const std::string &name : {o.a, o.b}) {
        auto checkpoint = TRY(core::resolveAnswers(service, name));
        auto run = TRY(core::RunStore(service.database()).run(checkpoint.run));
        runs.push_back(std::move(run));
    }
    return core::configDifferences(runs.front(), runs.back());
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto c = TRY(core::compare(service, o.a, o.b, console.context()));
    auto changed = TRY(differences(service, o));
    const core::ScoreKind weaker = c.kindBefore == core::ScoreKind::Exam ? c.kindAfter : c.kindBefore;
    console.say(o.b + " against " + o.a + " on " + core::countedRows(weaker, c.rows) +
                (c.rows == 0 ? " that both have answered" : "") + ": fixed " + std::to_string(c.fixed.size()) +
                ", broke " + std::to_string(c.broke.size()) +
                (c.isRealDifference() ? "." : ". No real difference: chance alone gives this often.") +
                " (p = " + std::to_string(c.pValue).substr(0, 5) + ")");
    if (!core::remarkOn(weaker).empty())
        console.say(core::remarkOn(weaker));
    auto perClass = nlohmann::ordered_json::object();
    for (size_t i = 0; i < c.perClass.size(); ++i) {
        const auto &change = c.perClass[i];
        if (i < MostClassesSaid && change.f1Before != change.f1After)
            console.say("  " + change.label + ": F1 " + points(change.f1Before, change.f1After) + " points, fixed " +
                        std::to_string(change.fixed) + ", broke " + std::to_string(change.broke));
        perClass[change.label] = {{"f1_before", change.f1Before},
                                  {"f1_after", change.f1After},
                                  {"fixed", change.fixed},
                                  {"broke", change.broke}};
    }
    auto config = nlohmann::ordered_json::object();
    for (const auto &difference : changed) {
        console.say("  " + difference.name + ": " + difference.before + " -> " + difference.after);
        config[difference.name] = {difference.before, difference.after};
    }
    console.result({{"kind", core::name(weaker)},
                    {"kinds", {core::name(c.kindBefore), core::name(c.kindAfter)}},
                    {"rows", c.rows},
                    {"right_before", c.rightBefore},
                    {"right_after", c.rightAfter},
                    {"fixed", c.fixed},
                    {"broke", c.broke},
                    {"p_value", c.pValue},
                    {"per_class", perClass},
                    {"config", config}});
    return ExitDone;
}

}  // namespace

void addCompare(const Command &app, Action &action)
{
    const Command command = app.addCommand("compare", "Compare two checkpoints on the exam rows");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("a", o->a, "RUN/EPOCH, or best").required();
    command.option("b", o->b, "RUN/EPOCH, or best").required();
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
