// SPDX-License-Identifier: Apache-2.0
// Bytes to an open file, all of them or an error.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string_view>

namespace base {

/// `path` is what the error is about. `written` counts what got there, also when the rest did not.
[[nodiscard]] Result<void> writeBytes(int descriptor, std::string_view bytes, const std::filesystem::path &path,
                                      int64_t &written);

}  // namespace base
