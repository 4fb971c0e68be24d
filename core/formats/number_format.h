// SPDX-License-Identifier: Apache-2.0
// Numbers of a spreadsheet as it shows them.
#pragma once

#include <string>

namespace core {

/// The format code behind a built-in number (ECMA-376 part 1, 18.8.30); empty: General. Dates that a spreadsheet shows
/// by the computer's country are given as 2026-03-01.
[[nodiscard]] std::string builtInNumberFormat(int id);

/// `value` as the code shows it: leading zeros, decimals, thousands, percent, dates and times (days since 1900, or
/// since 1904). Codes with sections, colours or fractions are read by their first section; what a code asks beyond
/// that is shown as General, which loses no digit.
[[nodiscard]] std::string formatNumber(double value, const std::string &code, bool since1904 = false);

}  // namespace core
