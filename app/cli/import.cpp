// SPDX-License-Identifier: Apache-2.0
#include "app/cli/choice_option.h"
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "app/cli/split_option.h"
#include "core/store/backups.h"
#include "core/tasks/import_report.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, report;
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
    auto files = core::rowFilesIn(o.files);
    if (!files)
        return console.fail(files.error());
    auto summary = core::importFiles(*service, *files, import, console.context());
    if (!summary)
        return console.fail(summary.error());
    console.say(
        "Imported " + std::to_string(summary->imported) + " rows into " + core::name(import.split) + "; " +
        std::to_string(summary->duplicates) + " already there, " + std::to_string(summary->rejected.size()) +
        " left out." +
        (summary->replaced > 0 ? " " + std::to_string(summary->replaced) + " old rows of the files went." : ""));
    if (summary->becameMultiLabel)
        console.say("Rows with several labels were the first ones with labels: a text may have any number of the "
                    "classes now, or none.");
    sayRejected(console, summary->rejected);
    if (!o.report.empty()) {
        if (auto written = core::writeImportReport(summary->rejected, o.report); !written)
            return console.fail(written.error());
    }
    console.result({{"imported", summary->imported},
                    {"rejected", rejectedJson(summary->rejected)},
                    {"duplicates", summary->duplicates},
                    {"replaced", summary->replaced},
                    {"became_multi_label", summary->becameMultiLabel}});
    return ExitDone;
}

}  // namespace

void addImport(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("import", "Add rows from tables, JSON lines, workbooks and documents");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command
        ->add_option("files", o->files,
                     "CSV and its kin, JSON lines or arrays, .xlsx, .txt, .md, .pdf, .docx, or folders of them")
        ->required();
    addSplitOption(*command, o->import.split)->required();
    command->add_option("--text", o->import.textColumn, "Column or field that holds the text; detected by default");
    command->add_option("--label", o->import.labelColumn, "Column or field that holds the label; detected by default");
    command->add_option("--encoding", o->import.read.encoding, "Of text files, e.g. windows-1252; detected by default");
    command->add_option("--sheet", o->import.read.sheet, "Of a workbook; the first one with rows by default");
    static const std::map<std::string, core::TextUnit> units{{"auto", core::TextUnit::Automatic},
                                                             {"whole", core::TextUnit::Whole},
                                                             {"lines", core::TextUnit::Lines},
                                                             {"paragraphs", core::TextUnit::Paragraphs},
                                                             {"chunks", core::TextUnit::Chunks}};
    addChoiceOption(*command, "--unit", o->import.read.unit, units,
                    "What becomes a row of a document: whole, lines, paragraphs, chunks");
    command->add_option("--tokens", o->import.read.tokens, "In a chunk, or at most in a whole document; 254 by default")
        ->check(CLI::Range(8, 100'000));
    static const std::map<std::string, engine::Truncation> cuts{{"head", engine::Truncation::Head},
                                                                {"head-tail", engine::Truncation::HeadTail}};
    addChoiceOption(*command, "--cut", o->import.read.truncation, cuts,
                    "What stays of a whole document that is too long: head, head-tail");
    command->add_flag("--new-classes", o->import.declareClasses, "Labels that are not known become classes");
    command->add_flag("--keep-duplicates", o->keepDuplicates, "Import rows again that are there already");
    command->add_flag("--replace", o->import.replaceSource,
                      "Rows of this split that came from files of these names go; undo brings them back");
    command->add_option("--report", o->report, "CSV file to write what was left out to, with the reasons");
    command->callback([=, &action] {
        if (!o->import.labelColumn.empty() && o->import.textColumn.empty())
            throw CLI::ValidationError("--label", "needs --text, too");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
