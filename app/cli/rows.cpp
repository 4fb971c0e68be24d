// SPDX-License-Identifier: Apache-2.0
#include "app/cli/choice_option.h"
#include "app/cli/commands.h"
#include "app/cli/split_option.h"
#include "core/tasks/rows_task.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, to;
    std::string format = "jsonl";
    core::RowsOptions rows;
    core::Split split = core::Split::Train;
    Option splitGiven{nullptr};
};

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    auto options = o.rows;
    if (o.splitGiven.isGiven())
        options.split = o.split;
    if (o.to.empty()) {
        const auto print = [](std::string_view text) -> base::Result<void> {
            std::fwrite(text.data(), 1, text.size(), stdout);
            return {};
        };
        TRY(core::writeRows(service, options, print, console.context()));
        return ExitDone;
    }
    auto rows = TRY(o.format == "distil-folder" ? core::exportDistilFolder(service, o.to, console.context())
                                                : core::exportRows(service, options, o.to, console.context()));
    console.say("Wrote " + std::to_string(rows) + " rows to " + o.to + ".");
    console.result({{"path", o.to}, {"rows", rows}});
    return ExitDone;
}

}  // namespace

void addRows(const Command &app, Action &action)
{
    static const std::map<std::string, core::RowFormat> formats{{"jsonl", core::RowFormat::Jsonl},
                                                                {"csv", core::RowFormat::Csv},
                                                                {"xlsx", core::RowFormat::Xlsx},
                                                                {"distil", core::RowFormat::Distil},
                                                                {"distil-folder", core::RowFormat::Distil}};
    static const std::map<std::string, core::RowShape> shapes{{"own", core::RowShape::Own},
                                                              {"text-label", core::RowShape::TextLabel},
                                                              {"prompt-completion", core::RowShape::PromptCompletion},
                                                              {"question-answer", core::RowShape::QuestionAnswer},
                                                              {"messages", core::RowShape::Messages}};
    const Command command = app.addCommand("rows", "Print or write the rows");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    o->splitGiven = addSplitOption(command, o->split);
    command.option("--format", o->format, "Format. csv is safe for spreadsheets; distil is question,answer")
        .oneOf(wordsOf(formats));
    addChoiceOption(command, "--shape", o->rows.shape, shapes, "Fields of JSON lines");
    command.flag("--lossless", o->rows.lossless,
                 "Write CSV cells as they are, even if a spreadsheet would run them as a formula");
    command.option("--to", o->to, "File or folder to write (default: standard output)");
    command.whenGiven([=, &action] {
        o->rows.format = formats.at(o->format);
        if (o->to == "-")
            o->to.clear();
        if (o->to.empty() && (o->rows.format == core::RowFormat::Xlsx || o->format == "distil-folder"))
            refuseUsage("--format", "needs --to");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
