// SPDX-License-Identifier: Apache-2.0
// Commands about the program itself: completion and manual.
#include "app/cli/commands.h"
#include "app/cli/usage/completion_script.h"
#include "app/cli/usage/manual_page.h"

#include <cstdio>

namespace cli {

void addCompletion(const Command &app, Action &action)
{
    const Command command = app.addCommand("completion", "Print the completion script of a shell");
    auto shell = std::make_shared<std::string>();
    command.option("shell", *shell, "The shell").required().oneOf({"bash", "zsh", "fish"});
    command.whenGiven([&app, shell, &action] {
        action = [&app, shell](Console &) {
            const CommandFacts program = factsOf(app.app());
            const std::string text = *shell == "bash"  ? bashCompletion(program)
                                     : *shell == "zsh" ? zshCompletion(program)
                                                       : fishCompletion(program);
            std::fputs(text.c_str(), stdout);
            return ExitDone;
        };
    });
}

void addManual(const Command &app, Action &action)
{
    const Command command = app.addCommand("manual", "Print the manual page, for `man -l -`");
    command.whenGiven([&app, &action] {
        action = [&app](Console &) {
            std::fputs(manualPage(factsOf(app.app()), STILLROOM_VERSION).c_str(), stdout);
            return ExitDone;
        };
    });
}

}  // namespace cli
