// SPDX-License-Identifier: Apache-2.0
// Bytes of any encoding to UTF-8.
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/// A place that another encoding gives other characters.
struct EncodingDifference {
    std::string asRead, otherwise;  ///< UTF-8, up to 40 characters on each side of the first one that differs
};

struct DecodedText {
    std::string text;                  ///< UTF-8, without byte order mark
    std::string encoding;              ///< what it was read as, e.g. "UTF-8", "windows-1252"
    bool certain = true;               ///< false: guessed, and another one of `offered` is not unlikely
    std::vector<std::string> offered;  ///< guessed: the likeliest encodings, at most three, each giving another text
    bool marked = false;               ///< it began with a byte order mark
    int64_t replaced = 0;              ///< bytes that are no text in this encoding, read as U+FFFD
    std::vector<EncodingDifference> differences;  ///< not certain: the first ones to the next offered encoding
};

/// In `encoding`, or, when it is empty, in the one that the bytes show: a byte order mark, UTF-8, escape sequences of
/// ISO-2022 or the zeros of UTF-16 and UTF-32; else the likeliest is taken. UTF-8 with some broken bytes stays UTF-8.
/// Unknown names, and bytes that are no text, are errors.
[[nodiscard]] base::Result<DecodedText> decodeText(std::string bytes, const std::string &subject,
                                                   const std::string &encoding = {});

/// The first lines that read otherwise in `other` than in `chosen`, at most `most` of them. Looks at lines with bytes
/// above 127 only, 1 MB of them. Empty where a name is not known.
std::vector<EncodingDifference> encodingDifferences(std::string_view bytes, const std::string &chosen,
                                                    const std::string &other, size_t most);

}  // namespace core
