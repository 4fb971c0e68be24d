// SPDX-License-Identifier: Apache-2.0
// --threads N of commands that compute.
#pragma once

#include "app/cli/command.h"
#include "core/base/cores.h"

namespace cli {

/// Takes effect as it is read, for all that the command computes.
inline void addThreadOption(const Command &command)
{
    command.readNumber("--threads", base::limitCores, "CPU threads (default: all cores)").between(0, base::MostCores);
}

}  // namespace cli
