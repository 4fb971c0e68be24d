// SPDX-License-Identifier: Apache-2.0
// Characters as ICU reads them.
#pragma once

#include "core/engine/text/normalizer.h"

#include <span>
#include <string>
#include <unicode/utf16.h>
#include <vector>

namespace engine {

inline void appendUtf16(std::u16string &units, char32_t c)
{
    UChar pair[2];
    int32_t length = 0;
    U16_APPEND_UNSAFE(pair, length, static_cast<UChar32>(c));
    units.append(pair, static_cast<size_t>(length));
}

struct Utf16Text {
    std::u16string units;
    std::vector<size_t> charAt;  ///< of each unit, and of the end, the character
};

inline Utf16Text toUtf16(std::span<const NormalizedChar> text)
{
    Utf16Text result;
    for (size_t i = 0; i < text.size(); ++i) {
        appendUtf16(result.units, text[i].c);
        result.charAt.resize(result.units.size(), i);
    }
    result.charAt.push_back(text.size());
    return result;
}

}  // namespace engine
