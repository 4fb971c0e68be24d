// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "core/quality/near_audit.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    bool near = false;
    double similarity = 0.8;
};

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    auto findings = core::audit(*service);
    if (!findings)
        return console.fail(findings.error());
    if (o.near) {
        auto near = core::auditNearDuplicates(*service, o.similarity, console.context());
        if (!near)
            return console.fail(near.error());
        findings->insert(findings->end(), near->begin(), near->end());
    }
    sayFindings(console, *findings);
    if (findings->empty())
        console.say("Nothing to fix.");
    console.result({{"findings", findingsJson(*findings)}});
    return blocks(*findings) ? ExitBlocked : ExitDone;
}

}  // namespace

void addCheck(CLI::App &app, Action &action)
{
    auto *command =
        app.add_subcommand("check", "Say what is wrong with the rows; exit code 3 when training is blocked");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command->add_flag("--near", o->near, "Look for rows that are nearly the same, too; seconds for 100,000 rows");
    command->add_option("--similarity", o->similarity, "What counts as nearly the same, 0.5 to 1; 0.8 by default")
        ->check(CLI::Range(0.5, 1.0));
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
