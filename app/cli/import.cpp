// SPDX-License-Identifier: Apache-2.0
#include "app/cli/choice_option.h"
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "app/cli/number_option.h"
#include "app/cli/reading_options.h"
#include "app/cli/split_option.h"
#include "core/base/counted.h"
#include "core/store/backups.h"
#include "core/tasks/import_report.h"
#include "core/tasks/import_task.h"

#include <memory>

namespace cli {

namespace {

constexpr size_t ShownUpdates = 20;

struct Options {
    std::string service, report;
    std::vector<std::filesystem::path> files;
    std::vector<std::string> meaning;
    core::ImportOptions import;
    bool keepDuplicates = false, keepOwnRows = false;
};

void say(const core::ImportSummary &summary, bool isRehearsal, Console &console)
{
    std::string where;
    for (const auto &[split, rows] : summary.bySplit)
        where += (where.empty() ? " (" : ", ") + std::to_string(rows) + " " + core::name(split);
    where += where.empty() ? "" : ")";
    console.say((isRehearsal ? "Would import " : "Imported ") + base::counted(summary.imported, "row", "rows") + where +
                "; " + (summary.updated > 0 ? std::to_string(summary.updated) + " updated, " : "") +
                std::to_string(summary.duplicates) + " already there, " + std::to_string(summary.rejected.size()) +
                " left out." +
                (summary.replaced > 0
                     ? " " + base::counted(summary.replaced, "old row", "old rows") + " of the files went."
                     : ""));
    if (summary.toExam > 0)
        console.say(std::to_string(summary.toExam) + " of them were kept for the exam.");
    if (summary.unlabelled > 0)
        console.say(base::counted(summary.unlabelled, "row for training or the exam has",
                                  "rows for training or the exam have") +
                    " no label.");
    for (const auto &[label, rows] : summary.otherLabels)
        console.say("The label \"" + label + "\" of " + base::counted(rows, "row", "rows") +
                    " is no class of this service.");
    if (summary.becameMultiLabel)
        console.say("Rows with several labels were the first ones with labels: a text may have any number of the "
                    "classes now, or none.");
    for (const core::ImportNote &note : summary.notes)
        console.say(note.file.empty() ? note.text : note.file + ": " + note.text);
    for (size_t i = 0; i < summary.updates.size() && i < ShownUpdates; ++i)
        console.say("Row " + std::to_string(summary.updates[i].row) + ": " + summary.updates[i].before + " -> " +
                    summary.updates[i].after);
    for (const core::PassedOver &file : summary.passedOver)
        console.say("Not read: " + file.file + ". " + file.reason);
    sayRejected(console, summary.rejected);
}

nlohmann::ordered_json jsonOf(const core::ImportSummary &summary)
{
    using nlohmann::ordered_json;
    ordered_json splits{{"train", 0}, {"test", 0}, {"unlabelled", 0}};
    for (const auto &[split, rows] : summary.bySplit)
        splits[core::name(split)] = rows;
    ordered_json other = ordered_json::object(), passedOver = ordered_json::array(), notes = ordered_json::array(),
                 updates = ordered_json::array();
    for (const auto &[label, rows] : summary.otherLabels)
        other[label] = rows;
    for (const core::PassedOver &file : summary.passedOver)
        passedOver.push_back({{"file", file.file}, {"reason", file.reason}});
    for (const core::ImportNote &note : summary.notes)
        notes.push_back({{"file", note.file}, {"text", note.text}});
    for (const core::RowUpdate &update : summary.updates)
        updates.push_back({{"row", update.row}, {"before", update.before}, {"after", update.after}});
    return {{"imported", summary.imported},
            {"rejected", rejectedJson(summary.rejected)},
            {"duplicates", summary.duplicates},
            {"updated", summary.updated},
            {"replaced", summary.replaced},
            {"rows", splits},
            {"kept_for_exam", summary.toExam},
            {"without_label", summary.unlabelled},
            {"labels_without_class", other},
            {"became_multi_label", summary.becameMultiLabel},
            {"passed_over", passedOver},
            {"notes", notes},
            {"updates", updates}};
}

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    auto import = o.import;
    import.skipDuplicates = !o.keepDuplicates;
    import.updatesOwnRows = !o.keepOwnRows;
    for (const std::string &text : o.meaning) {
        const size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return console.fail({base::ErrorCode::InvalidInput,
                                 "A label that stands for a class is written as VALUE=CLASS, for example true=spam.",
                                 text});
        import.meaning[text.substr(0, equals)] = text.substr(equals + 1);
    }
    if (!import.isRehearsal)
        static_cast<void>(core::backUpDaily(service->database()));  // a full disk shows where it matters
    auto summary = core::importFiles(*service, o.files, import, console.context());
    if (!summary)
        return console.fail(summary.error());
    say(*summary, import.isRehearsal, console);
    if (!o.report.empty()) {
        if (auto written = core::writeImportReport(summary->rejected, summary->passedOver, o.report); !written)
            return console.fail(written.error());
    }
    auto result = jsonOf(*summary);
    if (!summary->isEmpty()) {
        console.result(result);
        return ExitDone;
    }
    const base::Error nothing{base::ErrorCode::InvalidInput,
                              "Nothing was imported. " +
                                  (summary->rejected.empty() ? std::string("There are no rows in what was given.")
                                                             : "The first reason: " + summary->rejected.front().reason),
                              o.files.front().string()};
    return console.fail(nothing, std::move(result));
}

}  // namespace

void addImport(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("import", "Add rows from tables, JSON, workbooks, mails and documents");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command
        ->add_option("files", o->files,
                     "Tables, JSON, workbooks, mails, text, PDF and Word files, packed ones, or folders of them")
        ->required();
    addSplitOption(*command, o->import.split);
    command->add_flag("--ignore-splits", o->import.ignoresSplits,
                      "All rows go to --split, whatever a column or a file's name says");
    command
        ->add_option("--exam", o->import.examShare,
                     "Share of the labelled rows for training that the exam keeps, e.g. 0.2")
        ->check(numberFrom(0, 0.9));
    command
        ->add_option("--text", o->import.textColumns,
                     "Column or field that holds the text; again for each that belongs to it; detected by default")
        ->allow_extra_args(false);
    command
        ->add_option(
            "--label", o->import.labelColumns,
            "Column or field that holds the label; again for each class in a column of its own; detected by default")
        ->allow_extra_args(false);
    command->add_option("--group", o->import.groupColumn,
                        "Column whose equal values belong together, as customer or thread: such rows stay on one side "
                        "when an exam or held-out rows are chosen, from now on");
    static const std::map<std::string, core::NumberLabels> numbers{{"auto", core::NumberLabels::Automatic},
                                                                   {"names", core::NumberLabels::Names},
                                                                   {"from-0", core::NumberLabels::FromZero},
                                                                   {"from-1", core::NumberLabels::FromOne},
                                                                   {"zeros", core::NumberLabels::LostZeros}};
    addChoiceOption(*command, "--numbers", o->import.numbers, numbers,
                    "What numbers stand for as labels: names, from-0 (0 is the first class), from-1, zeros (1 is 01)");
    command
        ->add_option("--map", o->meaning,
                     "A label of the file and the class it stands for, as VALUE=CLASS; again for each")
        ->allow_extra_args(false);
    command->add_flag("--labels-from-sheets", o->import.labelsFromSheets, "All sheets, each named as its class");
    addReadingOptions(*command, o->import.read);
    command->add_flag("--new-classes", o->import.declareClasses, "Labels that are not known become classes");
    command->add_flag("--keep-duplicates", o->keepDuplicates, "Import rows again that are there already");
    command->add_flag("--no-update", o->keepOwnRows, "Rows of an export of this service come as new ones");
    command->add_flag("--replace", o->import.replaceSource,
                      "Rows that came from the same files go; undo brings them back");
    command->add_flag("--dry-run", o->import.isRehearsal, "Say what would come of it, and write nothing");
    command->add_option("--report", o->report, "CSV file to write what was left out to, with the reasons");
    command->callback([=, &action] {
        o->import.read.allSheets = o->import.read.allSheets || o->import.labelsFromSheets;
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
