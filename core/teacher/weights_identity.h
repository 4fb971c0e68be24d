// SPDX-License-Identifier: Apache-2.0
// What tells a file with a language model from any other.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>

namespace core {

/// The same text for the same model wherever its file lies and whatever it is called, another one for another model: a
/// SHA-256 of sizes, beginnings, ends, and 256 places in between, which takes some milliseconds where all of the file
/// would take half a minute. Of a model in several files ("name-00001-of-00003.gguf") all parts count.
[[nodiscard]] base::Result<std::string> weightsIdentity(const std::filesystem::path &file);

}  // namespace core
