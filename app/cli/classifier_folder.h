// SPDX-License-Identifier: Apache-2.0
// Where the classifier is that a command was told to ask.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>

namespace cli {

/// Of a service the folder of `checkpoint` (RUN/EPOCH, or best); else `place` itself, where that is a package.
[[nodiscard]] base::Result<std::filesystem::path> classifierFolder(const std::string &place,
                                                                   const std::string &checkpoint);

}  // namespace cli
