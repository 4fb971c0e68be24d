// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "app/cli/split_option.h"
#include "core/store/backups.h"
#include "core/tasks/import_task.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    std::vector<std::filesystem::path> files;
    core::ImportOptions import;
    bool keepDuplicates = false;
};

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    static_cast<void>(core::backUpDaily(service->database()));  // a full disk shows where it matters
    auto import = o.import;
    import.skipDuplicates = !o.keepDuplicates;
    auto summary = core::importFiles(*service, o.files, import, console.context());
    if (!summary)
        return console.fail(summary.error());
    console.say("Imported " + std::to_string(summary->imported) + " rows into " + core::name(import.split) + "; " +
                std::to_string(summary->duplicates) + " already there, " + std::to_string(summary->rejected.size()) +
                " left out.");
    sayRejected(console, summary->rejected);
    console.result({{"imported", summary->imported},
                    {"rejected", rejectedJson(summary->rejected)},
                    {"duplicates", summary->duplicates}});
    return ExitDone;
}

}  // namespace

void addImport(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("import", "Add rows from CSV or JSON lines");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command->add_option("files", o->files, "CSV, TSV, JSON lines or JSON array files")->required();
    addSplitOption(*command, o->import.split)->required();
    command->add_option("--text", o->import.textColumn, "Column or field that holds the text; detected by default");
    command->add_option("--label", o->import.labelColumn, "Column or field that holds the label; detected by default");
    command->add_flag("--new-classes", o->import.declareClasses, "Labels that are not known become classes");
    command->add_flag("--keep-duplicates", o->keepDuplicates, "Import rows again that are there already");
    command->callback([=, &action] {
        if (!o->import.labelColumn.empty() && o->import.textColumn.empty())
            throw CLI::ValidationError("--label", "needs --text, too");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
