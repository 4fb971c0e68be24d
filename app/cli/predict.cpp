// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/base/atomic_file.h"
#include "core/tasks/checkpoint_name.h"
#include "core/tasks/predict_task.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>

namespace fs = std::filesystem;

namespace cli {

namespace {

struct Options {
    std::string place, file, checkpoint = "best", to, dataFormat = "probs";
};

/// The checkpoint of a service, or the package itself.
base::Result<fs::path> classifierFolder(const Options &o)
{
    std::error_code code;
    if (!fs::exists(fs::path(o.place) / core::Service::DatabaseName, code)) {
        if (fs::exists(fs::path(o.place) / "config.json", code))
            return fs::path(o.place);
        return base::failure(base::ErrorCode::NotFound,
                             "There is neither a service nor a classifier folder with a config.json here.", o.place);
    }
    auto service = core::Service::open(o.place);
    if (!service)
        return base::failure(service);
    auto name = core::resolveCheckpoint(*service, o.checkpoint);
    if (!name)
        return base::failure(name);
    return service->checkpointFolder(name->run, name->epoch);
}

/// Answers go to FILE.part, which a later call goes on with, and become FILE when all are there.
class ResumableOutput {
public:
    explicit ResumableOutput(const std::string &target) : m_target(target), m_part(target + ".part") { }

    /// Number of rows that an earlier call has answered. A last line that a kill cut off is dropped.
    base::Result<int64_t> open()
    {
        int64_t answered = 0;
        std::error_code code;
        if (fs::exists(m_part, code)) {
            auto bytes = base::readFile(m_part);
            if (!bytes)
                return base::failure(bytes);
            const size_t end = bytes->find_last_of('\n');
            const size_t kept = end == std::string::npos ? 0 : end + 1;
            answered = std::count(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(kept), '\n');
            fs::resize_file(m_part, kept, code);
        }
        m_stream.open(m_part, std::ios::app | std::ios::binary);
        if (!m_stream)
            return base::Failure(base::systemError(errno, m_target));
        return answered;
    }

    base::Result<void> write(const std::string &line)
    {
        errno = 0;
        if (!(m_stream << line << '\n'))
            return base::Failure(base::systemError(errno ? errno : EIO, m_target));
        return {};
    }

    base::Result<void> finish()
    {
        errno = 0;
        m_stream.close();
        if (m_stream.fail() || std::rename(m_part.c_str(), m_target.c_str()) != 0)
            return base::Failure(base::systemError(errno ? errno : EIO, m_target));
        return {};
    }

private:
    std::string m_target, m_part;
    std::ofstream m_stream;
};

base::Result<core::PredictSource> openSource(const std::string &file, int64_t skip)
{
    if (file == "-") {
        auto number = std::make_shared<int64_t>(0);
        return core::PredictSource([=]() -> std::optional<core::PredictInput> {
            for (std::string line; std::getline(std::cin, line);) {
                const int64_t row = ++*number;
                if (row > skip && line.find_first_not_of(" \t\r") != std::string::npos)
                    return core::parsePredictLine(line, row);
            }
            return std::nullopt;
        });
    }
    auto inputs = core::readPredictFile(file);
    if (!inputs)
        return base::failure(inputs);
    auto shared = std::make_shared<std::vector<core::PredictInput>>(std::move(*inputs));
    auto next = std::make_shared<size_t>(static_cast<size_t>(skip));
    return core::PredictSource([=]() -> std::optional<core::PredictInput> {
        return *next < shared->size() ? std::optional(std::move((*shared)[(*next)++])) : std::nullopt;
    });
}

int run(const Options &o, Console &console)
{
    auto folder = classifierFolder(o);
    if (!folder)
        return console.fail(folder.error());
    ResumableOutput output(o.to);
    int64_t answered = 0;
    if (!o.to.empty()) {
        auto opened = output.open();
        if (!opened)
            return console.fail(opened.error());
        answered = *opened;
        if (answered > 0)
            console.say("Going on after " + std::to_string(answered) + " rows that were answered before.");
    }
    auto source = openSource(o.file, answered);
    if (!source)
        return console.fail(source.error());
    auto session = core::ClassifierSession::open(*folder);
    if (!session)
        return console.fail(session.error());
    const auto sink = [&](const std::string &line) -> base::Result<void> {
        if (!o.to.empty())
            return output.write(line);
        console.row(line);
        return {};
    };
    // Someone who types wants an answer a line.
    const core::PredictOptions options{o.dataFormat == "logits", o.file == "-" ? size_t{32} : size_t{1024}};
    auto done = core::predict(*session, *source, sink, options, console.context());
    if (!done)
        return console.fail(done.error());
    if (!o.to.empty()) {
        if (auto finished = output.finish(); !finished)
            return console.fail(finished.error());
        console.say("Classified " + std::to_string(answered + *done) + " rows into " + o.to + ".");
        console.result({{"path", o.to}, {"rows", answered + *done}});
    }
    return ExitDone;
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
