// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/tasks/evaluate_task.h"

#include <memory>

namespace cli {

namespace {

constexpr double Significant = 0.05;

struct Options {
    std::string service, a, b;
};

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    auto c = core::compare(*service, o.a, o.b, console.context());
    if (!c)
        return console.fail(c.error());
    console.say(o.b + " against " + o.a + " on the test rows: fixed " + std::to_string(c->fixed.size()) + ", broke " +
                std::to_string(c->broke.size()) +
                (c->pValue < Significant ? "." : ". No real difference: chance alone gives this often.") +
                " (p = " + std::to_string(c->pValue).substr(0, 5) + ")");
    console.result({{"fixed", c->fixed}, {"broke", c->broke}, {"p_value", c->pValue}});
    return ExitDone;
}

}  // namespace

void addCompare(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("compare", "Which test rows two checkpoints disagree on");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command->add_option("a", o->a, "RUN/EPOCH, or best")->required();
    command->add_option("b", o->b, "RUN/EPOCH, or best")->required();
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
