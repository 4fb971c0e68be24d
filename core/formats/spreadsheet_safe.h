// SPDX-License-Identifier: Apache-2.0
// Cells that spreadsheet programs would take for formulas (OWASP: CSV Injection).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A byte order mark, which spreadsheet programs need to read UTF-8, and which tells an import that cells are marked.
constexpr const char *SpreadsheetMark = "\xEF\xBB\xBF";
/// The columns of our own tables of rows; together with the mark they say that a CSV is one for spreadsheets.
[[nodiscard]] const std::vector<std::string> &ownColumns();
[[nodiscard]] bool areOwnColumns(const std::vector<std::string> &columns);  ///< of this version or an earlier one

/// The cell with an apostrophe in front when a spreadsheet program could take it for a formula: it begins with = + - @,
/// their full-width forms, a tab or a line end. So does one that begins with apostrophes before such a character, which
/// is what makes fromSpreadsheetSafe its exact inverse.
[[nodiscard]] std::string toSpreadsheetSafe(std::string_view cell);

/// Takes back what toSpreadsheetSafe did; other cells stay as they are.
[[nodiscard]] std::string fromSpreadsheetSafe(std::string_view cell);

}  // namespace core
