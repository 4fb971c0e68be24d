// SPDX-License-Identifier: Apache-2.0
// Any file of rows, by its content and ending.
#pragma once

#include "core/base/error.h"
#include "core/formats/record.h"

#include <filesystem>

namespace core {

/// Reads CSV, TSV, JSON lines or a JSON array.
[[nodiscard]] base::Result<RecordFile> readRowFile(const std::filesystem::path &path);

}  // namespace core
