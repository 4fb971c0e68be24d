// SPDX-License-Identifier: Apache-2.0
#include "app/cli/classifier_folder.h"
#include "app/cli/commands.h"
#include "core/tasks/answer_file.h"
#include "core/tasks/predict_task.h"

#include <iostream>
#include <memory>

namespace fs = std::filesystem;

namespace cli {

namespace {

struct Options {
    std::string place, file, checkpoint = "best", to, dataFormat = "probs";
};

/// Lines of standard input, behind the first `skip`.
core::PredictSource standardInput(int64_t skip)
{
    auto number = std::make_shared<int64_t>(0);
    return [=]() -> std::optional<core::PredictInput> {
        for (std::string line; std::getline(std::cin, line);) {
            const int64_t row = ++*number;
            if (row > skip && line.find_first_not_of(" \t\r") != std::string::npos)
                return core::parsePredictLine(line, row);
        }
        return std::nullopt;
    };
}

int finish(const Options &o, const core::FileAnswers &answers, Console &console)
{
    if (answers.before > 0)
        console.say("Went on after " + std::to_string(answers.before) + " rows that were answered before.");
    console.say("Classified " + std::to_string(answers.rows) + " rows into " + o.to + ".");
    console.result({{"path", o.to}, {"rows", answers.rows}});
    return ExitDone;
}

/// From standard input, or to standard output.
int stream(const Options &o, const fs::path &folder, Console &console)
{
    // Someone who types wants an answer a line.
    const bool typed = o.file == "-";
    const core::PredictOptions options{o.dataFormat == "logits", typed ? size_t{32} : size_t{1024}};
    core::AnswerFile output(o.to, folder, o.file, o.dataFormat);
    int64_t before = 0;
    if (!o.to.empty()) {
        auto opened = output.open();
        if (!opened)
            return console.fail(opened.error());
        before = *opened;
    }
    core::PredictSource source = standardInput(before);
    if (!typed) {
        auto inputs = core::readPredictFile(o.file);
        if (!inputs)
            return console.fail(inputs.error());
        source = [rows = std::move(*inputs), next = size_t{0}]() mutable -> std::optional<core::PredictInput> {
            return next < rows.size() ? std::optional(std::move(rows[next++])) : std::nullopt;
        };
    }
    auto session = core::ClassifierSession::open(folder);
    if (!session)
        return console.fail(session.error());
    const auto sink = [&](const std::string &line) -> base::Result<void> {
        if (!o.to.empty())
            return output.write(line);
        console.row(line);
        return {};
    };
    auto done = core::predict(*session, source, sink, options, console.context());
    if (!done)
        return console.fail(done.error());
    if (o.to.empty())
        return ExitDone;
    if (auto finished = output.finish(); !finished)
        return console.fail(finished.error());
    return finish(o, {before + *done, before}, console);
}

int run(const Options &o, Console &console)
{
    auto folder = classifierFolder(o.place, o.checkpoint);
    if (!folder)
        return console.fail(folder.error());
    if (o.to.empty() || o.file == "-")
        return stream(o, *folder, console);
    auto answers = core::predictFile(*folder, o.file, o.to, {o.dataFormat == "logits"}, 0, console.context());
    return answers ? finish(o, *answers, console) : console.fail(answers.error());
}

}  // namespace

void addPredict(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("predict", "Classify a file, or JSON lines from standard input");
    auto o = std::make_shared<Options>();
    command->add_option("place", o->place, "A service, or a folder in Hugging Face sequence-classification layout")
        ->required();
    command->add_option("file", o->file, "CSV or JSON lines, or - for JSON strings, a line each, from standard input")
        ->required();
    command->add_option("--checkpoint", o->checkpoint, "RUN/EPOCH of a service; the best by default");
    command->add_option("--to", o->to, "File to write; an interrupted call goes on where it was");
    command->add_option("--data-format", o->dataFormat, "probs or logits")->check(CLI::IsMember({"probs", "logits"}));
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
