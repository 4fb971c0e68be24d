// SPDX-License-Identifier: Apache-2.0
// Several labels as one text: in a cell, on the clipboard, in a sentence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// "a; b", or a JSON list where that could not be taken apart again. No label: "[]".
[[nodiscard]] std::string joinLabels(const std::vector<std::string> &labels);

/// Takes "a; b" or "a | b" apart, and "a, b" where all of it are classes or numbers. The name of a class is never taken
/// apart.
/// "[]" is no label. Each once, without spaces around them, in order.
[[nodiscard]] std::vector<std::string> splitLabels(std::string_view text, const std::vector<std::string> &classes);

}  // namespace core
