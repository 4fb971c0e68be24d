// SPDX-License-Identifier: Apache-2.0
#include "app/cli/classifier_folder.h"
#include "app/cli/commands.h"
#include "app/cli/reading_options.h"
#include "app/cli/thread_option.h"
#include "core/base/counted.h"
#include "core/tasks/answers_table.h"
#include "core/tasks/predict_task.h"

#include <iostream>
#include <memory>

namespace fs = std::filesystem;
using base::counted;

namespace cli {

namespace {

/// Someone who types wants an answer soon.
constexpr size_t TypedRows = 32;

struct Options {
    std::string place, file, checkpoint = "best", to, dataFormat = "probs";
    core::PredictOptions predict;
};

std::optional<std::string> nextLine()
{
    std::string line;
    return std::getline(std::cin, line) ? std::optional(std::move(line)) : std::nullopt;
}

base::Result<int> finish(const Options &o, const core::FileAnswers &answers, Console &console)
{
    for (const std::string &note : answers.notes)
        console.say("note:   " + note);
    if (answers.before > 0)
        console.say("Went on after " + counted(answers.before, "row that was", "rows that were") + " answered before.");
    const std::string where = o.to.empty() ? "" : " What there is was written to " + o.to + ".";
    if (answers.rows == 0)
        return base::failure(base::ErrorCode::InvalidInput, "There is no text to classify: nothing came in.", o.file);
    if (answers.failed == answers.rows)
        return base::failure(base::ErrorCode::InvalidInput,
                             "Not one of " + counted(answers.rows, "row", "rows") +
                                 " could be classified. The first one: " + answers.firstProblem + "." + where,
                             o.file);
    if (answers.failed > 0)
        console.say(counted(answers.failed, "row has", "rows have") +
                    " an error instead of an answer. The first one: " + answers.firstProblem + ".");
    if (o.to.empty())
        return ExitDone;
    console.say("Classified " + std::to_string(answers.rows) + " rows into " + o.to + ".");
    console.result({{"path", o.to}, {"rows", answers.rows}, {"errors", answers.failed}, {"notes", answers.notes}});
    return ExitDone;
}

/// To standard output.
base::Result<int> stream(const Options &o, const fs::path &folder, Console &console)
{
    core::FileAnswers answers;
    core::PredictRows file;
    if (o.file != "-") {
        file = TRY(core::readPredictFile(o.file, o.predict.reading, console.context()));
        answers.notes = file.notes;
    }
    auto session = TRY(core::ClassifierSession::open(folder));
    size_t next = 0;
    const core::PredictSource fromFile = [&]() -> std::optional<core::PredictInput> {
        if (next == file.rows.size())
            return std::nullopt;
        answers.count(file.rows[next].input);
        return std::move(file.rows[next++].input);
    };
    int64_t row = 0;
    const core::PredictSource typed = [&]() -> std::optional<core::PredictInput> {
        while (const auto line = nextLine()) {
            ++row;
            if (line->find_first_not_of(" \t\r") == std::string::npos)
                continue;
            auto input = core::parsePredictLine(*line, row, o.predict.reading.textColumns);
            answers.count(input);
            return input;
        }
        return std::nullopt;
    };
    const auto sink = [&](const std::string &line) -> base::Result<void> {
        console.row(line);
        return {};
    };
    TRY(core::predict(session, o.file == "-" ? typed : fromFile, sink, o.predict, console.context()));
    return finish(o, answers, console);
}

base::Result<int> run(const Options &o, Console &console)
{
    auto folder = TRY(classifierFolder(o.place, o.checkpoint));
    if (o.to.empty())
        return stream(o, folder, console);
    auto answers = TRY(o.file == "-" ? core::predictLines(folder, nextLine, o.to, o.predict, 0, console.context())
                                     : core::predictFile(folder, o.file, o.to, o.predict, 0, console.context()));
    return finish(o, answers, console);
}

}  // namespace

void addPredict(const Command &app, Action &action)
{
    const Command command = app.addCommand("predict", "Classify a file, or JSON lines from standard input");
    auto o = std::make_shared<Options>();
    command.option("place", o->place, "A service, or a folder with a Hugging Face classifier").required();
    command
        .option("file", o->file,
                "A file with texts, of any kind that import reads; - reads JSON strings or objects, one per line, "
                "from standard input")
        .required();
    command.option("--checkpoint", o->checkpoint, "RUN/EPOCH of a service (default: the best)");
    command.option("--to", o->to,
                   "File to write. .csv, .tsv and .xlsx: the table with its answers; otherwise JSON lines. An "
                   "interrupted call continues");
    command
        .option("--text", o->predict.reading.textColumns,
                "Column or field with the text (default: detected). Repeat it to join several")
        .onceEach();
    addReadingOptions(command, o->predict.reading.read);
    command.option("--data-format", o->dataFormat, "Numbers in JSON lines").oneOf({"probs", "logits"});
    command.flag("--lossless", o->predict.lossless,
                 "Write CSV cells as they are, even if a spreadsheet would run them as a formula");
    addThreadOption(command);
    command.whenGiven([=, &action] {
        o->predict.logits = o->dataFormat == "logits";
        if (o->predict.logits && core::answersFormOf(o->to) != core::AnswersForm::JsonLines)
            refuseUsage("--data-format", "logits are written to JSON lines only");
        if (o->file == "-")
            o->predict.chunkRows = TypedRows;
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
