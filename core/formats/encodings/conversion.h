// SPDX-License-Identifier: Apache-2.0
// Bytes of a named encoding to UTF-8.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

struct UConverter;

namespace core {

/// Has what is no character become U+FFFD; ICU makes U+001A of some.
void markBrokenCharacters(UConverter *converter);

struct ConvertedText {
    std::string text;      ///< UTF-8
    int64_t replaced = 0;  ///< bytes that are no text in this encoding, read as U+FFFD
};

/// What ICU makes of the bytes; what is no character becomes U+FFFD. Vietnamese letters get their tones (NFC). An odd
/// byte at the end of UTF-16 that is a line end or a zero is left out.
/// Names that are not known are errors.
[[nodiscard]] base::Result<ConvertedText> convertText(std::string_view bytes, const std::string &encoding,
                                                      const std::string &subject);

}  // namespace core
