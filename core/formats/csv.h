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
    bool backslash = false;       ///< a quote is written \" instead; without quotes, separators are written so, too
    size_t preamble = 0;          ///< lines above the header
    bool loneReturns = true;      ///< a carriage return without a line feed ends a row, too
    bool declared = false;        ///< the first line says the separator, as "sep=;" does, and is no row
};

/// The dialect in which most rows have the same number of cells; a comma and double quotes when in doubt. What people
/// say in `options`, or a first line like "sep=;", goes before. Separators are judged by whole rows, of the first 256
/// KB or as far as the last of these goes; quotes and carriage returns by the whole text: quotes are characters where
/// the file shows that its writer did not put them around cells. Lines above the header are found when they have one
/// cell and what follows is a header with as many cells as its rows. Time is linear in the text.
[[nodiscard]] CsvDialect detectDialect(std::string_view text, const TableOptions &options = {});

/// Reads UTF-8 text as a table, see tableOf for what becomes of its rows. Blank lines are skipped. Cells may be up to
/// 64 MB long. A row whose quotes are faulty is read another way if that gives a whole row, else it is rejected with
/// its number, and reading goes on at the next line; a lone quote swallows no rows. Zero bytes are left out and said.
/// One mistake that people paste is mended: a last cell holding JSON whose quotes were not doubled.
[[nodiscard]] RecordFile parseCsv(std::string_view text, const CsvDialect &dialect = {},
                                  HeaderRow header = HeaderRow::Automatic);

/// The cell within double quotes, those in it doubled.
[[nodiscard]] std::string quotedCell(std::string_view cell);

/// One row, quoted where needed, with a line end.
[[nodiscard]] std::string csvRow(const std::vector<std::string> &cells);

}  // namespace core
