// SPDX-License-Identifier: Apache-2.0
// The core says what to do in words that hold for the window, too; here is what to type for it.
#pragma once

#include "core/base/error.h"

#include <string>

namespace cli {

/// What to type now, as a sentence; empty where the message has nothing to add to. `message` is one of the core's: of
/// an error, a finding or a note; `subject` is what it is about, as in base::Error.
[[nodiscard]] std::string hintFor(const std::string &message, const std::string &subject = {});

/// The message, with its hint where there is one.
[[nodiscard]] std::string withHint(const std::string &message, const std::string &subject = {});

}  // namespace cli
