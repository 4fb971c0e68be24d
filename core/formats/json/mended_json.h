// SPDX-License-Identifier: Apache-2.0
// JSON as programs and people really write it.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// A value written again as strict JSON, and what had to be mended for it.
struct MendedJson {
    std::string text;
    bool missing = false;   ///< NaN, Infinity, undefined or None: null now
    bool zeros = false;     ///< zero characters: left out
    bool spelling = false;  ///< comments, a comma too many, Python's quotes and truths, control characters, half a
                            ///< surrogate pair (U+FFFD now)
};

/// Mends only what has one meaning; whether the rest is JSON is for the parser to say. Linear in the text.
[[nodiscard]] MendedJson mendJson(std::string_view text);

}  // namespace core
