// SPDX-License-Identifier: Apache-2.0
// Workbooks of spreadsheet programs (.xlsx, .xlsm, ECMA-376, transitional and strict).
#pragma once

#include "core/formats/workbook.h"

namespace core {

/// The rows of a workbook, cells as the spreadsheet shows them: see recordsOfWorkbook.
[[nodiscard]] base::Result<RecordFile> parseXlsx(std::string bytes, const WorkbookOptions &options,
                                                 const std::string &subject);

}  // namespace core
