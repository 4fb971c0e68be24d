// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "app/cli/number_option.h"
#include "app/cli/thread_option.h"
#include "core/quality/audit.h"
#include "core/tasks/deep_check.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    bool deep = false;
    core::DeepCheckOptions look{.near = false, .meaning = false, .labels = false};
};

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    const auto tokenizer = core::defaultTokenizerOrNull();
    auto findings = core::audit(*service, {.tokenizer = tokenizer.get()});
    if (!findings)
        return console.fail(findings.error());
    core::DeepCheckOptions look = o.look;
    look.near = look.near || o.deep;
    look.meaning = look.meaning || o.deep;
    look.labels = look.labels || o.deep;
    if (look.near || look.meaning || look.labels) {
        auto deep = core::checkDeeply(*service, nullptr, look, console.context());
        if (!deep)
            return console.fail(deep.error());
        findings->insert(findings->end(), deep->findings.begin(), deep->findings.end());
    }
    sayFindings(console, *findings);
    if (findings->empty())
        console.say("Nothing to fix.");
    const auto names = core::LabelNames::read(*service);
    if (!names)
        return console.fail(names.error());
    console.result({{"findings", findingsJson(*findings, *names)}});
    return blocks(*findings) ? ExitBlocked : ExitDone;
}

}  // namespace

void addCheck(CLI::App &app, Action &action)
{
    auto *command =
        app.add_subcommand("check", "Say what is wrong with the rows; exit code 3 when training is blocked");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command->add_flag("--near", o->look.near, "Look for rows that are nearly the same, too; seconds for 100,000 rows");
    command->add_flag("--meaning", o->look.meaning,
                      "Look for rows that say nearly the same in other words, too; up to 20,000 rows");
    command->add_flag("--labels", o->look.labels,
                      "Look for wrong labels and classes that are mixed up, too; 340 rows a second");
    command->add_flag("--deep", o->deep, "All of that");
    command->add_option("--similarity", o->look.similarity, "What counts as nearly the same, 0.5 to 1; 0.8 by default")
        ->check(numberFrom(0.5, 1));
    addThreadOption(*command);
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
