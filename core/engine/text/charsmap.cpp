// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/charsmap.h"

#include "core/engine/text/utf16.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <unicode/ubrk.h>

namespace engine {

namespace {

constexpr size_t LongestGrapheme = 5;  ///< bytes

using BreakIterator = std::unique_ptr<UBreakIterator, void (*)(UBreakIterator *)>;

/// One for each thread: opening it reads rules.
UBreakIterator *graphemes()
{
    thread_local const BreakIterator iterator = [] {
        UErrorCode status = U_ZERO_ERROR;
        return BreakIterator(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status), ubrk_close);
    }();
    return iterator.get();
}

uint32_t offsetOf(uint32_t unit)
{
    return (unit >> 10) << ((unit & (1U << 9)) >> 6);
}

/// Ends of the graphemes of a text, as character indices.
std::vector<size_t> graphemeEnds(const std::vector<NormalizedChar> &text)
{
    const Utf16Text all = toUtf16(text);
    std::vector<size_t> ends;
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setText(graphemes(), all.units.data(), static_cast<int32_t>(all.units.size()), &status);
    for (int32_t end = ubrk_next(graphemes()); U_SUCCESS(status) && end != UBRK_DONE; end = ubrk_next(graphemes()))
        ends.push_back(all.charAt[static_cast<size_t>(end)]);
    return ends;
}

}  // namespace

base::Result<Charsmap> Charsmap::parse(std::string bytes)
{
    const auto corrupt = [] {
        return base::failure(base::ErrorCode::Corrupt,
                             "The table of replacements in this tokenizer is damaged. Fetch the file again.");
    };
    uint32_t size = 0;
    if (bytes.size() < sizeof(size))
        return corrupt();
    std::memcpy(&size, bytes.data(), sizeof(size));
    if (size % sizeof(uint32_t) != 0 || size == 0 || size > bytes.size() - sizeof(size))
        return corrupt();
    Charsmap map;
    map.m_units.resize(size / sizeof(uint32_t));
    std::memcpy(map.m_units.data(), bytes.data() + sizeof(size), size);
    map.m_strings = bytes.substr(sizeof(size) + size);
    return map;
}

std::optional<std::string_view> Charsmap::find(std::string_view key) const
{
    constexpr uint32_t HasLeaf = 1U << 8, LabelMask = (1U << 31) | 0xFFU, ValueMask = (1U << 31) - 1;
    size_t node = offsetOf(m_units[0]);
    for (const char byte : key) {
        node ^= static_cast<unsigned char>(byte);
        if (node >= m_units.size())
            return std::nullopt;
        const uint32_t unit = m_units[node];
        if ((unit & LabelMask) != static_cast<unsigned char>(byte) || byte == 0)
            return std::nullopt;
        node ^= offsetOf(unit);
        if ((unit & HasLeaf) == 0)
            continue;
        const size_t place = node < m_units.size() ? m_units[node] & ValueMask : m_strings.size();
        if (place >= m_strings.size())
            return std::nullopt;
        const auto end = std::min(m_strings.find('\0', place), m_strings.size());
        return std::string_view(m_strings).substr(place, end - place);
    }
    return std::nullopt;
}

void Charsmap::normalize(std::vector<NormalizedChar> &text) const
{
    std::vector<NormalizedChar> out;
    out.reserve(text.size());
    const auto replaced = [&](std::string_view replacement, Offset origin) {
        for (size_t i = 0; i < replacement.size();)
            out.push_back({decodeUtf8(replacement, i), origin});
    };
    size_t begin = 0;
    for (const size_t end : graphemeEnds(text)) {
        std::string key;
        for (size_t i = begin; i < end; ++i)
            appendUtf8(key, text[i].c);
        const auto whole = key.size() <= LongestGrapheme ? find(key) : std::nullopt;
        if (whole)
            replaced(*whole, {text[begin].origin.begin, text[end - 1].origin.end});
        for (size_t i = begin; !whole && i < end; ++i) {
            key.clear();
            appendUtf8(key, text[i].c);
            if (const auto one = find(key))
                replaced(*one, text[i].origin);
            else
                out.push_back(text[i]);
        }
        begin = end;
    }
    text = std::move(out);
}

}  // namespace engine
