// SPDX-License-Identifier: Apache-2.0
// The line "sep=;" that some programs write above a table for spreadsheet programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

struct SeparatorLine {
    size_t length = 0;                    ///< bytes, with the line end
    std::vector<std::string> separators;  ///< what it may mean, likeliest first; empty where it names none
};

/// The first line when it declares the separator, in any of its spellings: quoted, in capitals, with spaces, with "\t",
/// "tab" or a tab itself, padded with other separators by a spreadsheet program.
[[nodiscard]] std::optional<SeparatorLine> separatorLine(std::string_view text);

}  // namespace core
