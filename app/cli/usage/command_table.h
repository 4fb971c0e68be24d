// SPDX-License-Identifier: Apache-2.0
// Commands and options as the parser knows them: what help, completion and manual are made from.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

struct OptionFacts {
    std::vector<std::string> names;    ///< with their dashes, the one that is shown first; of a positional its NAME
    std::string value;                 ///< what follows: NAME, N, NUMBER; empty: nothing
    std::vector<std::string> choices;  ///< all that may follow, where there is a list
    std::string range;                 ///< of a number, in words: "0 to 1"
    std::string help;
    bool isPositional = false, isRequired = false, isRepeated = false;
};

struct CommandFacts {
    std::string name, help, group;
    std::vector<OptionFacts> options;  ///< --help is none of them
    std::vector<CommandFacts> commands;
    bool needsCommand = false;
};

/// Of a program with all its commands. An option's first long name is shown; the others are understood.
[[nodiscard]] CommandFacts factsOf(const CLI::App &app);

[[nodiscard]] std::vector<std::string> namesOf(const std::vector<CommandFacts> &commands);

/// "stillroom-cli" -> "STILLROOM-CLI".
[[nodiscard]] std::string upperCased(std::string text);

/// The command of this name; null where there is none.
[[nodiscard]] const CommandFacts *find(const CommandFacts &of, const std::string &name);

}  // namespace cli
