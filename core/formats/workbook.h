// SPDX-License-Identifier: Apache-2.0
// The sheets of a workbook of whatever kind, as records: which sheet is read, what merged, hidden and broken cells
// mean.
#pragma once

#include "core/base/error.h"
#include "core/formats/csv.h"

#include <functional>

namespace core {

/// A row of a sheet with its filled cells.
struct SheetRow {
    int64_t number = 0;  ///< as the spreadsheet shows it
    bool isHidden = false;
    std::vector<std::pair<size_t, std::string>> cells{};  ///< by column from 1, ascending; none is empty
};

/// A merged cell that spans rows. Its content stands in the first row.
struct MergedCell {
    int64_t firstRow = 0, lastRow = 0;
    size_t column = 0;  ///< the first one
};

/// What stands on a sheet, cells as the spreadsheet shows them.
struct SheetContent {
    std::vector<SheetRow> rows;  ///< ascending, with a filled cell each
    std::vector<MergedCell> merged;
    std::vector<std::string> errorCells;       ///< that show #N/A and the like: "B4 (#N/A)"; they are empty
    std::vector<std::string> uncomputedCells;  ///< formulas that were stored without their value; they are empty
    std::vector<std::string> lostCells;        ///< whose text is missing from the file; they are empty
};

struct SheetName {
    std::string name;
    bool isVisible = true;
};

/// Which sheets are read, and how.
struct WorkbookOptions {
    std::string sheet;       ///< empty: the first visible one that holds a table with rows
    bool allSheets = false;  ///< all visible ones that hold a table; each record has a field "sheet"
    HeaderRow header = HeaderRow::Automatic;
};

/// No spreadsheet program has more columns.
constexpr size_t MostColumns = 16384;

/// "BC12" for column 55 and row 12.
[[nodiscard]] std::string cellName(size_t column, int64_t row);

/// The records of a workbook whose sheets `load` reads by their index. A merged cell is the cell of each of its rows
/// that have another one. Sheets that are not read, hidden rows, and cells that came in empty are said in `notes`. An
/// error when no sheet has rows, when there is no sheet of the wanted name, and for sheets of more than 20 million
/// cells.
[[nodiscard]] base::Result<RecordFile> recordsOfWorkbook(const std::vector<SheetName> &sheets,
                                                         const std::function<base::Result<SheetContent>(size_t)> &load,
                                                         const WorkbookOptions &options, const std::string &subject);

}  // namespace core
