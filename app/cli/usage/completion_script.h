// SPDX-License-Identifier: Apache-2.0
// Completion of commands, options and their values in shells.
#pragma once

#include "app/cli/usage/command_table.h"

namespace cli {

/// A script for bash, zsh or fish. What is no option's listed value is completed as a file.
[[nodiscard]] std::string bashCompletion(const CommandFacts &program);
[[nodiscard]] std::string zshCompletion(const CommandFacts &program);
[[nodiscard]] std::string fishCompletion(const CommandFacts &program);

}  // namespace cli
