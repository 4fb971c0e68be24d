// SPDX-License-Identifier: Apache-2.0
#include "app/cli/choice_option.h"
#include "app/cli/commands.h"
#include "app/cli/export_report.h"
#include "app/cli/thread_option.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, checkpoint, to;
    const core::ExportFormat *format = &core::exportFormats().front();
};

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto summary = TRY(core::exportPackage(service, o.checkpoint, o.to, console.context(), *o.format));
    sayExport(console, summary);
    console.result(exportJson(summary));
    return ExitDone;
}

}  // namespace

void addExport(const Command &app, Action &action)
{
    const Command command = app.addCommand("export", "Export a checkpoint, verified");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("checkpoint", o->checkpoint, "RUN/EPOCH, or best").required();
    static const auto formats = [] {
        std::map<std::string, const core::ExportFormat *> all;
        for (const auto &format : core::exportFormats())
            all[format.name] = &format;
        return all;
    }();
    std::string help;
    for (const auto &format : core::exportFormats())
        help.append(help.empty() ? "" : ". ").append(format.name).append(": ").append(format.title);
    addChoiceOption(command, "--format", o->format, formats, help);
    command.option("--to", o->to, "New folder to write").required();
    addThreadOption(command);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
