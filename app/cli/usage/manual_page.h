// SPDX-License-Identifier: Apache-2.0
// The manual page, stillroom-cli(1).
#pragma once

#include "app/cli/usage/command_table.h"

namespace cli {

/// In the macros of man(7): how the program is called, every command with its options, exit codes, files.
[[nodiscard]] std::string manualPage(const CommandFacts &program, const std::string &version);

}  // namespace cli
