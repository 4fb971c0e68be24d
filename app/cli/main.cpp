// SPDX-License-Identifier: Apache-2.0
// stillroom-cli: the core without a window.
#include "app/cli/commands.h"
#include "app/cli/usage/help_text.h"
#include "app/cli/usage/usage_error.h"
#include "app/passive_waits.h"
#include "core/base/result_guard.h"
#include "core/settings/log.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>

namespace {

struct Group {
    const char *title;
    std::vector<void (*)(const cli::Command &, cli::Action &)> commands;
};

/// In the order in which they are needed.
const Group Groups[] = {
    {"Start", {cli::addDemo, cli::addInit, cli::addDoctor}},
    {"Rows", {cli::addImport, cli::addCheck, cli::addRows, cli::addMap, cli::addSalvage}},
    {"Teachers", {cli::addExam, cli::addLabel, cli::addReview, cli::addPrompt, cli::addPrices}},
    {"Training", {cli::addTrain, cli::addRuns, cli::addModels}},
    {"Results",
     {cli::addResults, cli::addEvaluate, cli::addCompare, cli::addExplain, cli::addLimit, cli::addMetric,
      cli::addReport}},
    {"Use", {cli::addPredict, cli::addExport, cli::addTokenize}},
    {"This program", {cli::addCompletion, cli::addManual}},
};

/// The arguments; `help COMMAND` is `COMMAND --help`.
std::vector<std::string> wordsOf(int argc, char **argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    if (words.empty() || words.front() != "help")
        return words;
    words.erase(words.begin());
    words.push_back("--help");
    return words;
}

}  // namespace

int main(int argc, char **argv)
try {
    if (argc > 2)  // else nothing is computed
        app::waitPassively(argv);
    CLI::App app("Make a text classifier of your own, on your own machine.", "stillroom-cli");
    app.set_version_flag("--version", "stillroom-cli " STILLROOM_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    bool json = false;
    app.add_flag("--json", json, "Print one JSON object on standard output");

    app.formatter(cli::helpFormatter());

    cli::Action action;
    const cli::Command program(app);
    for (const Group &group : Groups) {
        for (const auto add : group.commands) {
            add(program, action);
            app.get_subcommands([](CLI::App *) { return true; }).back()->group(group.title);
        }
    }
    const auto words = wordsOf(argc, argv);
    if (words.empty()) {
        std::fputs(app.help().c_str(), stdout);
        return cli::ExitDone;
    }
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError &e) {
        if (e.get_exit_code() == 0)
            return app.exit(e);
        const std::string message = cli::usageError(cli::factsOf(app), words, e.what());
        std::fprintf(stderr, "stillroom-cli: %s\n", message.c_str());
        if (std::ranges::find(words, "--json") != words.end())
            std::printf(
                "%s\n",
                nlohmann::json{{"error", {{"code", "usage"}, {"message", message}, {"subject", ""}}}}.dump().c_str());
        return cli::ExitUsage;
    }
    cli::installInterruptHandler();
    cli::Console console(json);
    if (console.settings().get<bool>("log.enabled"))
        core::openLog();
    const auto done = base::guard({}, [&]() -> base::Result<int> { return action(console); });
    // Whoever reads, as `head` does, may have enough.
    const bool isWritten = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (done && !isWritten && errno != EPIPE)
        return console.fail({base::ErrorCode::Io,
                             "The answer could not be written to standard output. Check the disk or the pipe.",
                             {}});
    return done ? *done : console.fail(done.error());
} catch (const std::exception &) {
    std::fputs("stillroom-cli: memory ran out before anything was done. Close other programs and try again.\n", stderr);
    return cli::ExitFailed;
}
