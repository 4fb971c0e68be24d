// SPDX-License-Identifier: Apache-2.0
// Where a table begins, and whether its first row names the columns.
#pragma once

#include "core/formats/table.h"

#include <span>

namespace core {

/// The text is a number as people write them: "-1,234.50", "7 %", "1e-3".
[[nodiscard]] bool isNumberText(std::string_view text);

/// How many rows stand above the header: title lines of one cell above rows of several, or lines with fewer cells than
/// a row of usual names. Rows are not blank. At most 20.
[[nodiscard]] size_t rowsAboveHeader(std::span<const TableRow> rows);

/// Whether the first of these rows names the columns, by what stands in it and below it: names known from practice are
/// a header; a cell that comes again in its column, a number above numbers, a sentence above sentences are data. In
/// doubt it is a header. Looks at the first 1,000 rows.
[[nodiscard]] bool looksLikeHeader(std::span<const TableRow> rows);

/// Whether each row has the cells of the header, trimmed, and no others.
[[nodiscard]] bool repeatsHeader(const TableRow &row, const TableRow &header);

/// How many cells of the row hold more than blanks.
[[nodiscard]] size_t filledCells(const TableRow &row);

}  // namespace core
