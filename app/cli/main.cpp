// SPDX-License-Identifier: Apache-2.0
// stillroom-cli: the core without a window.
#include "app/cli/commands.h"
#include "app/passive_waits.h"
#include "core/base/result_guard.h"
#include "core/settings/log.h"

#include <cstdio>
#include <exception>

int main(int argc, char **argv)
try {
    if (argc > 2)  // else nothing is computed
        app::waitPassively(argv);
    CLI::App app("Stillroom makes a text classifier of your own, on your own machine.", "stillroom-cli");
    app.set_version_flag("--version", "stillroom-cli " STILLROOM_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::help);
    app.fallthrough();
    bool json = false;
    app.add_flag("--json", json, "Print one JSON object on standard output");

    cli::Action action;
    for (const auto add :
         {cli::addInit,    cli::addImport,   cli::addCheck,  cli::addRows,    cli::addTrain,  cli::addEvaluate,
          cli::addResults, cli::addExam,     cli::addLabel,  cli::addPrompt,  cli::addPrices, cli::addReview,
          cli::addExplain, cli::addMetric,   cli::addLimit,  cli::addCompare, cli::addReport, cli::addExport,
          cli::addPredict, cli::addTokenize, cli::addModels, cli::addDoctor,  cli::addDemo,   cli::addMap,
          cli::addSalvage, cli::addRuns})
        add(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &e) {
        if (e.get_exit_code() == 0)
            return app.exit(e);
        std::fprintf(stderr, "stillroom-cli: %s\nSee `stillroom-cli --help`, or a command's own --help.\n", e.what());
        for (int i = 1; i < argc; ++i) {
            if (std::string_view(argv[i]) == "--json")
                std::printf("%s\n",
                            nlohmann::json{{"error", {{"code", "usage"}, {"message", e.what()}, {"subject", ""}}}}
                                .dump()
                                .c_str());
        }
        return cli::ExitUsage;
    }
    cli::installInterruptHandler();
    cli::Console console(json);
    if (console.settings().get<bool>("log.enabled"))
        core::openLog();
    const auto done = base::guard({}, [&]() -> base::Result<int> { return action(console); });
    if (done && std::fflush(stdout) != 0)
        return console.fail({base::ErrorCode::Io,
                             "The answer could not be written to standard output. Check the disk or the pipe.",
                             {}});
    return done ? *done : console.fail(done.error());
} catch (const std::exception &) {
    std::fputs("stillroom-cli: memory ran out before anything was done. Close other programs and try again.\n", stderr);
    return cli::ExitFailed;
}
