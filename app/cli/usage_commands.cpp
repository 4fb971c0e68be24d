// SPDX-License-Identifier: Apache-2.0
// Commands about the program itself: completion and manual.
#include "app/cli/commands.h"
#include "app/cli/usage/completion_script.h"
#include "app/cli/usage/manual_page.h"

#include <cstdio>

namespace cli {

void addCompletion(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("completion", "Print the completion script of a shell");
    auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "The shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&app, shell, &action] {
        action = [&app, shell](Console &) {
            const CommandFacts program = factsOf(app);
            const std::string text = *shell == "bash"  ? bashCompletion(program)
                                     : *shell == "zsh" ? zshCompletion(program)
                                                       : fishCompletion(program);
            std::fputs(text.c_str(), stdout);
            return ExitDone;
        };
    });
}

void addManual(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("manual", "Print the manual page, for `man -l -`");
    command->callback([&app, &action] {
        action = [&app](Console &) {
            std::fputs(manualPage(factsOf(app), STILLROOM_VERSION).c_str(), stdout);
            return ExitDone;
        };
    });
}

}  // namespace cli
