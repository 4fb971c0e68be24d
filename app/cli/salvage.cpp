// SPDX-License-Identifier: Apache-2.0
#include "core/service/salvage.h"
#include "app/cli/commands.h"

#include <memory>

namespace cli {

namespace {

base::Result<int> run(const std::string &service, const std::string &to, Console &console)
{
    const auto report = TRY(core::salvage(service, to, console.context()));
    for (const std::string &line : report.lines())
        console.say(line);
    console.say("The new service is in " + to + "; the damaged one is as it was.");
    console.result(
        {{"service", to},
         {"rows", report.rows},
         {"rows_from_backups", report.rowsFromBackups},
         {"lost_rows",
          {{"train", report.lostRows[0]}, {"test", report.lostRows[1]}, {"unlabelled", report.lostRows[2]}}},
         {"unused_numbers", report.unusedNumbers},
         {"mended_texts", report.mendedTexts},
         {"classes", report.classes},
         {"nameless_classes", report.namelessClasses},
         {"runs", report.runs},
         {"unreadable_runs", report.unreadableRuns},
         {"lost_checkpoints", report.lostCheckpoints},
         {"pages", report.pages},
         {"damaged_pages", report.damagedPages},
         {"log_left_out", report.logLeftOut},
         {"description_lost", report.descriptionLost}});
    return ExitDone;
}

}  // namespace

void addSalvage(const Command &app, Action &action)
{
    const Command command = app.addCommand("salvage", "Recover a damaged service into a new one");
    auto service = std::make_shared<std::string>();
    auto to = std::make_shared<std::string>();
    command.option("service", *service, "Folder of the damaged service; it is not changed").required();
    command.option("--to", *to, "New folder for the recovered service").required();
    command.whenGiven([=, &action] { action = [=](Console &console) { return run(*service, *to, console); }; });
}

}  // namespace cli
