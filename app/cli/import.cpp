// SPDX-License-Identifier: Apache-2.0
#include "app/cli/choice_option.h"
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "app/cli/reading_options.h"
#include "app/cli/split_option.h"
#include "core/base/counted.h"
#include "core/imports/import_report.h"
#include "core/imports/import_task.h"
#include "core/store/backups.h"

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
                     ? std::string(" ") + base::counted(summary.replaced, "old row", "old rows") + " of the files went."
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

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto import = o.import;
    import.skipDuplicates = !o.keepDuplicates;
    import.updatesOwnRows = !o.keepOwnRows;
    for (const std::string &text : o.meaning) {
        const size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return base::failure(base::ErrorCode::InvalidInput,
                                 "A label that stands for a class is written as VALUE=CLASS, for example true=spam.",
                                 text);
        import.meaning[text.substr(0, equals)] = text.substr(equals + 1);
    }
    if (!import.isRehearsal)
        static_cast<void>(core::backUpDaily(service.database()));  // a full disk shows where it matters
    auto summary = TRY(core::importFiles(service, o.files, import, console.context()));
    say(summary, import.isRehearsal, console);
    if (!o.report.empty()) {
        TRY(core::writeImportReport(summary.rejected, summary.passedOver, o.report));
    }
    auto result = jsonOf(summary);
    if (!summary.isEmpty()) {
        console.result(result);
        return ExitDone;
    }
    std::string why = "There are no rows in what was given.";
    if (!summary.rejected.empty())
        why = "The first reason: " + summary.rejected.front().reason;
    if (!why.ends_with('.'))
        why += '.';
    const base::Error nothing{base::ErrorCode::InvalidInput, "Nothing was imported. " + why, o.files.front().string()};
    return console.fail(nothing, std::move(result));
}

}  // namespace

void addImport(const Command &app, Action &action)
{
    const Command command = app.addCommand("import", "Add rows from tables, JSON, workbooks, mails and documents");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command
        .option("files", o->files,
                "Tables, JSON, workbooks, mails, text, PDF or Word files, archives, or folders of them")
        .required();
    addSplitOption(command, o->import.split);
    command.flag("--ignore-splits", o->import.ignoresSplits,
                 "Put all rows into --split, even if a column or a file name says otherwise");
    command.option("--exam", o->import.examShare, "Share of the labelled train rows to put into the exam, such as 0.2")
        .from(0, 0.9);
    command
        .option("--text", o->import.textColumns,
                "Column or field with the text (default: detected). Repeat it to join several")
        .onceEach();
    command
        .option("--label", o->import.labelColumns,
                "Column or field with the label (default: detected). Repeat it where each class has its own column")
        .onceEach();
    command.option("--group", o->import.groupColumn,
                   "Column whose equal values belong together, such as customer or thread. Rows of a group never "
                   "end up on both sides of a split");
    static const std::map<std::string, core::NumberLabels> numbers{{"auto", core::NumberLabels::Automatic},
                                                                   {"names", core::NumberLabels::Names},
                                                                   {"from-0", core::NumberLabels::FromZero},
                                                                   {"from-1", core::NumberLabels::FromOne},
                                                                   {"zeros", core::NumberLabels::LostZeros}};
    addChoiceOption(command, "--numbers", o->import.numbers, numbers,
                    "What numeric labels mean. from-0: 0 is the first class. from-1: 1 is. zeros: 1 stands for 01");
    command.option("--map", o->meaning, "Class for a label in the file, as VALUE=CLASS. Repeat it for each").onceEach();
    command.flag("--labels-from-sheets", o->import.labelsFromSheets,
                 "Read all sheets; the name of a sheet is the label of its rows");
    addReadingOptions(command, o->import.read);
    command.flag("--new-classes", o->import.declareClasses, "Add unknown labels as new classes");
    command.flag("--keep-duplicates", o->keepDuplicates, "Import rows even if the service already has them");
    command.flag("--no-update", o->keepOwnRows, "Import rows exported from this service as new rows, not as updates");
    command.flag("--replace", o->import.replaceSource,
                 "Remove the rows that came from the same files before. Can be undone");
    command.flag("--dry-run", o->import.isRehearsal, "Only say what would happen");
    command.option("--report", o->report, "Write the rows that were left out, with reasons, to this CSV file");
    command.whenGiven([=, &action] {
        o->import.read.allSheets = o->import.read.allSheets || o->import.labelsFromSheets;
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
