// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/findings.h"

#include <memory>

namespace cli {

namespace {

int run(const std::string &folder, Console &console)
{
    auto service = core::Service::open(folder);
    if (!service)
        return console.fail(service.error());
    auto findings = core::audit(*service);
    if (!findings)
        return console.fail(findings.error());
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
    auto service = std::make_shared<std::string>();
    command->add_option("service", *service, "Folder of the service")->required();
    command->callback([=, &action] { action = [service](Console &console) { return run(*service, console); }; });
}

}  // namespace cli
