// SPDX-License-Identifier: Apache-2.0
#include "core/imports/import_report.h"

#include "core/base/atomic_file.h"
#include "core/formats/csv.h"
#include "core/formats/spreadsheet_safe.h"

namespace core {

base::Result<void> writeImportReport(const std::vector<RejectedRow> &rejected,
                                     const std::vector<PassedOver> &passedOver, const std::filesystem::path &to)
{
    std::string table = SpreadsheetMark + csvRow({"file", "row", "reason"});
    for (const RejectedRow &row : rejected)
        table += csvRow(
            {toSpreadsheetSafe(row.file), row.row == 0 ? "" : std::to_string(row.row), toSpreadsheetSafe(row.reason)});
    for (const PassedOver &file : passedOver)
        table += csvRow({toSpreadsheetSafe(file.file), "", toSpreadsheetSafe(file.reason)});
    return base::writeFile(to, table);
}

}  // namespace core
