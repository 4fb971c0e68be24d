// SPDX-License-Identifier: Apache-2.0
// Rows of cells, from whatever file, as records with named fields.
#pragma once

#include "core/formats/csv.h"

namespace core {

/// A row of cells as its file gives it, before it is known whether it names the columns.
struct TableRow {
    int64_t number = 0;  ///< as people count, see Record::row
    std::vector<std::string> cells;
};

/// Finds the header, below lines that stand above it, and makes a record of every other row. Names are trimmed and made
/// unique; columns without a name and without a filled cell go, filled ones are called "column 3". A row with fewer
/// cells has empty ones at its end; cells beyond the header come as "column N", said in `notes`. Blank rows are
/// skipped, a repeated header is rejected with its number.
[[nodiscard]] RecordFile tableOf(std::vector<TableRow> rows, HeaderRow header);

}  // namespace core
