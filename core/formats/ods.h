// SPDX-License-Identifier: Apache-2.0
// Workbooks in XML: OpenDocument (.ods, .fods; ISO/IEC 26300) and XML Spreadsheet 2003.
#pragma once

#include "core/formats/workbook.h"

namespace core {

/// The rows of an OpenDocument workbook, cells as the spreadsheet shows them: see recordsOfWorkbook.
[[nodiscard]] base::Result<RecordFile> parseOds(std::string bytes, const WorkbookOptions &options,
                                                const std::string &subject);

/// The same of a flat OpenDocument workbook or of XML Spreadsheet 2003, which many programs write under the ending
/// .xls: one XML file each. `bytes` may be in any encoding.
[[nodiscard]] base::Result<RecordFile> parseXmlWorkbook(std::string bytes, const WorkbookOptions &options,
                                                        const std::string &subject);

}  // namespace core
