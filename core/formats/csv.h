// SPDX-License-Identifier: Apache-2.0
// Comma, semicolon, tab or pipe separated values (RFC 4180, read leniently and reported exactly).
#pragma once

#include "core/formats/record.h"

#include <string_view>

namespace core {

/// The separator whose count is the same and highest in the first lines; comma when in doubt.
[[nodiscard]] char detectSeparator(std::string_view text);

/// Reads UTF-8 text whose first row names the columns. Blank lines are skipped. A row with too many or too few
/// cells, a stray quote, or a quote that is never closed is rejected with its number; reading goes on at the next
/// line. One mistake that people paste is mended: a last cell holding JSON whose quotes were not doubled.
[[nodiscard]] RecordFile parseCsv(std::string_view text, char separator);

/// One row, quoted where needed, with a line end.
[[nodiscard]] std::string csvRow(const std::vector<std::string> &cells);

}  // namespace core
