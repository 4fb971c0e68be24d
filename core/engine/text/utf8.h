// SPDX-License-Identifier: Apache-2.0
// UTF-8 to code points and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace engine {

/// Decodes the code point at `position` and moves `position` behind it. A malformed sequence gives U+FFFD
/// and moves by one byte, so any bytes can be read.
inline char32_t decodeUtf8(std::string_view text, size_t &position)
{
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(position);
    if (lead < 0x80) {
        ++position;
        return lead;
    }
    const int length = lead >= 0xF0 && lead <= 0xF4  ? 4
                       : lead >= 0xE0 && lead < 0xF0 ? 3
                       : lead >= 0xC2 && lead < 0xE0 ? 2
                                                     : 0;
    if (length == 0 || position + static_cast<size_t>(length) > text.size()) {
        ++position;
        return 0xFFFD;
    }
    char32_t c = lead & (0xFFU >> (length + 1));
    for (int i = 1; i < length; ++i) {
        const unsigned char next = byte(position + static_cast<size_t>(i));
        if ((next & 0xC0) != 0x80) {
            ++position;
            return 0xFFFD;
        }
        c = (c << 6) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
    if (overlong || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF) {
        ++position;
        return 0xFFFD;
    }
    position += static_cast<size_t>(length);
    return c;
}

inline int32_t countCodePoints(std::string_view text)
{
    int32_t count = 0;
    for (size_t i = 0; i < text.size(); ++count)
        decodeUtf8(text, i);
    return count;
}

inline void appendUtf8(std::string &out, char32_t c)
{
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

/// Whether the bytes are well-formed UTF-8; `badByte` gets the first offending position.
inline bool isUtf8(std::string_view text, size_t *badByte = nullptr)
{
    for (size_t i = 0; i < text.size();) {
        const size_t start = i;
        if (decodeUtf8(text, i) == 0xFFFD && text.substr(start, 3) != "\xEF\xBF\xBD") {
            if (badByte)
                *badByte = start;
            return false;
        }
    }
    return true;
}

}  // namespace engine
