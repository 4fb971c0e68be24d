// SPDX-License-Identifier: Apache-2.0
// Work on what strangers give is done by a process of its own, which may neither write files nor reach a network, and
// which dies with what it was given (see rights.h).
#pragma once

#include "core/base/progress.h"

#include <string>

namespace core {

struct ConfinedProgram {
    const char *name;         ///< of the executable, beside ours or in ../bin
    const char *variable;     ///< of the environment, that names another place
    const char *what;         ///< in an error: "The part that reads documents"
    const char *tookTooLong;  ///< sentences for the user
    const char *gaveUp;       ///< it crashed, or needed too much memory
};

/// Runs it with one argument on what the descriptor `input` gives, and returns what it writes: at most 512 MB within
/// 40 s, or the child is killed. Stops within 50 ms when it is asked to. Errors are about `subject`.
[[nodiscard]] base::Result<std::string> runConfined(const ConfinedProgram &program, const std::string &argument,
                                                    int input, const std::string &subject,
                                                    const base::WorkContext &context);

}  // namespace core
