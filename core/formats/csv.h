// SPDX-License-Identifier: Apache-2.0
// Separated values (RFC 4180, read leniently and reported exactly).
#pragma once

#include "core/formats/record.h"

#include <optional>
#include <string_view>

namespace core {

/// Whether the first row of a table names its columns.
enum class HeaderRow { Automatic, Present, Absent };

/// What people say of a table; found out where they do not.
struct TableOptions {
    std::string separator;      ///< empty: found out
    std::optional<char> quote;  ///< '\0': cells are not quoted
    HeaderRow header = HeaderRow::Automatic;
};

/// How a file separates and quotes its cells.
struct CsvDialect {
    std::string separator = ",";  ///< one or more characters; empty: each line is one cell
    char quote = '"';             ///< doubled within a quoted cell; '\0': none
    bool backslash = false;       ///< a quote within a quoted cell is written \" instead
    size_t preamble = 0;          ///< lines above the header
};

/// The dialect in which most rows have the same number of cells; a comma and double quotes when in doubt. Lines above
/// the header are found when they have one cell and what follows is a header with as many cells as its rows.
/// Looks at the first 64 KB.
[[nodiscard]] CsvDialect detectDialect(std::string_view text);

/// Reads UTF-8 text whose first row below the preamble names the columns. Blank lines are skipped. A row with too many
/// or too few cells, a stray quote, or a quote that is never closed is rejected with its number; reading goes on at
/// the next line. One mistake that people paste is mended: a last cell holding JSON whose quotes were not doubled.
[[nodiscard]] RecordFile parseCsv(std::string_view text, const CsvDialect &dialect = {});

/// One row, quoted where needed, with a line end.
[[nodiscard]] std::string csvRow(const std::vector<std::string> &cells);

}  // namespace core
