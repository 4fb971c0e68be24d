// SPDX-License-Identifier: Apache-2.0
// Workbooks of spreadsheet programs (.xlsx, ECMA-376).
#pragma once

#include "core/base/error.h"
#include "core/formats/record.h"

namespace core {

/// The rows of a sheet (empty: the first visible one that has any), cells as the spreadsheet shows them. The first row
/// with two or more filled cells names the columns, or the first one when none has; rows are numbered as shown.
[[nodiscard]] base::Result<RecordFile> parseXlsx(std::string bytes, const std::string &sheet,
                                                 const std::string &subject);

}  // namespace core
