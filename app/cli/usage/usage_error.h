// SPDX-License-Identifier: Apache-2.0
// What is said to somebody who called the program wrongly.
#pragma once

#include "app/cli/usage/command_table.h"

namespace cli {

/// The parser's `message`, with the name that was probably meant and where help is. `words`: the arguments.
[[nodiscard]] std::string usageError(const CommandFacts &program, const std::vector<std::string> &words,
                                     const std::string &message);

}  // namespace cli
