// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/base/atomic_file.h"
#include "core/results/answers.h"
#include "core/results/html_report.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, checkpoint = "best", to;
    core::HtmlReportOptions report;
};

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto name = TRY(core::resolveAnswers(service, o.checkpoint));
    auto shown = TRY(core::readShownAnswers(service, name));
    auto page = TRY(core::htmlReport(service, name, o.report));
    TRY(base::writeFile(o.to, page));
    console.say("Wrote the report on " + name.text() + " to " + o.to + ".");
    if (!core::remarkOn(shown.kind).empty())
        console.say(core::remarkOn(shown.kind));
    console.result({{"checkpoint", name.text()},
                    {"kind", shown.size() > 0 ? nlohmann::ordered_json(core::name(shown.kind)) : nullptr},
                    {"file", o.to},
                    {"bytes", page.size()}});
    return ExitDone;
}

}  // namespace

void addReport(const Command &app, Action &action)
{
    const Command command = app.addCommand("report", "Write a page about a checkpoint's results");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("checkpoint", o->checkpoint, "RUN/EPOCH, or best");
    command.option("--to", o->to, "HTML file to write").required();
    command.flag("--full", o->report.full, "With checkpoints, intervals, charts, confusions and settings");
    command.flag("--texts", o->report.withTexts, "With the texts of wrongly answered rows (default: no texts)");
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
