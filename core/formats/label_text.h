// SPDX-License-Identifier: Apache-2.0
// Several labels as one text: in a cell, on the clipboard, in a sentence.
#pragma once

#include "core/base/error.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// "a; b", or a JSON list where that could not be taken apart again. No label: "[]".
[[nodiscard]] std::string joinLabels(const std::vector<std::string> &labels);

/// Names of labels, or why the text cannot be taken apart, in words for people.
using LabelNamesOf = tl::expected<std::vector<std::string>, std::string>;

/// Whether the text is a list in brackets as JSON, Python, NumPy and pandas write it: ["a", "b"], ['a'], ('a', 'b'),
/// {'a', 'b'}, [a, b], also with typographic quotes.
[[nodiscard]] bool isBracketed(std::string_view text);

/// The items of such a list. A list that is not whole, as ["a, is an error. "[]" has none.
[[nodiscard]] LabelNamesOf listedLabels(std::string_view text);

/// Takes "a; b" or "a | b" apart, and "a, b", "a#b" and their East Asian kin where every part is one of `known`, or
/// where all of them are numbers. One of `known` is never taken apart, neither is what is no list. Each once, without
/// spaces around them, in order.
[[nodiscard]] LabelNamesOf splitLabels(std::string_view text, const std::set<std::string> &known);

}  // namespace core
