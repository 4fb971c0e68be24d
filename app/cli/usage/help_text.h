// SPDX-License-Identifier: Apache-2.0
// What --help prints.
#pragma once

#include "app/cli/usage/command_table.h"

namespace cli {

/// `words` in lines of at most `width` characters, all but the first behind `indent` spaces. A longer word stands
/// alone.
[[nodiscard]] std::string wrapped(const std::string &words, size_t width, size_t indent);

/// Of the program: its commands by groups; of a command: how it is called and its options. `path`: the words before it.
[[nodiscard]] std::string helpText(const CommandFacts &command, const std::string &path, size_t width);

/// Columns of the terminal behind standard output, else of $COLUMNS, else 80; 60 to 100.
[[nodiscard]] size_t outputWidth();

/// Lets the parser print these texts.
[[nodiscard]] std::shared_ptr<CLI::FormatterBase> helpFormatter();

}  // namespace cli
