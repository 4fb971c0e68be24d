// SPDX-License-Identifier: Apache-2.0
// Which file rows came from, known by its place and by its bytes, so that it is found again when it comes once more.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>

namespace core {

/// Example::origin of rows from this file: a hash of its canonical path, because a path must not leave the machine with
/// the service. The file need not be there. Never 0.
[[nodiscard]] int64_t originOf(const std::filesystem::path &file);

/// Example::content of its rows: a hash of its bytes, about a second a gigabyte. Never 0.
[[nodiscard]] base::Result<int64_t> contentOf(const std::filesystem::path &file);

}  // namespace core
