// SPDX-License-Identifier: Apache-2.0
// --threads N of commands that compute.
#pragma once

#include "core/base/cores.h"

#include <CLI/CLI.hpp>

namespace cli {

/// Takes effect as it is read, for all that the command computes.
inline void addThreadOption(CLI::App &command)
{
    command.add_option_function<int>("--threads", base::limitCores, "CPU threads (default: all cores)")
        ->check(CLI::Range(0, base::MostCores));
}

}  // namespace cli
