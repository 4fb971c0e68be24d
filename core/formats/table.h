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

/// Whether rows may be shorter than the header without a word: workbooks store filled cells only.
enum class ShortRows { Noted, Usual };

/// Finds the header, below lines that stand above it, and makes a record of every other row. Names are trimmed and made
/// unique; columns without a name and without a filled cell go, filled ones are called "column 3". A row with fewer
/// cells has empty ones at its end; cells beyond the header come as "column N", said in `notes`, unless the row's last
/// cell shows that a text holds a separator: then the row is rejected. Where each row has one cell more than the header
/// at its beginning, these are the names that R gives to rows. Blank rows are skipped, a repeated header is rejected
/// with its number. Takes time and memory linear in the number of cells.
[[nodiscard]] RecordFile tableOf(std::vector<TableRow> rows, HeaderRow header, ShortRows shortRows = ShortRows::Noted);

}  // namespace core
