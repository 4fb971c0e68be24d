// SPDX-License-Identifier: Apache-2.0
// Cells that spreadsheet programs would take for formulas (OWASP: CSV Injection).
#pragma once

#include "core/formats/record.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A byte order mark, which spreadsheet programs need to read UTF-8, and which tells an import that cells are marked.
constexpr const char *SpreadsheetMark = "\xEF\xBB\xBF";
/// The columns of our own tables of rows.
[[nodiscard]] const std::vector<std::string> &ownColumns();
/// Whether a table begins with the columns of our own, of this version or an earlier one. Further columns may follow:
/// those kept with the rows, and what people added beside them.
[[nodiscard]] bool areOwnColumns(const std::vector<std::string> &columns);

/// The cell with an apostrophe in front when a spreadsheet program could take it for a formula: it begins with = + - @,
/// their full-width forms, a tab or a line end. So does one that begins with apostrophes before such a character, which
/// is what makes fromSpreadsheetSafe its exact inverse.
[[nodiscard]] std::string toSpreadsheetSafe(std::string_view cell);

/// Takes back what toSpreadsheetSafe did; other cells stay as they are.
[[nodiscard]] std::string fromSpreadsheetSafe(std::string_view cell);

/// Takes the apostrophes out of a table of our own, also when a spreadsheet program has saved it again, with another
/// separator, without the mark, with further columns or as a workbook, and says so in `notes`. A lossless table of ours
/// has the same columns and no apostrophes of ours: it is known by cells that a spreadsheet program could take for
/// formulas and that no apostrophe guards. Returns whether there was something to take back.
bool takeBackSpreadsheetGuards(RecordFile &file);

}  // namespace core
