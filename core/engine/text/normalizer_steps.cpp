// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/normalizer_steps.h"

#include "core/engine/text/char_pattern.h"
#include "core/engine/text/charsmap.h"
#include "core/engine/text/utf16.h"
#include "core/engine/text/utf8.h"

#include <algorithm>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

namespace engine {

namespace {

const UNormalizer2 *normalizerOf(UnicodeForm form)
{
    UErrorCode status = U_ZERO_ERROR;
    switch (form) {
    case UnicodeForm::Nfc: return unorm2_getNFCInstance(&status);
    case UnicodeForm::Nfd: return unorm2_getNFDInstance(&status);
    case UnicodeForm::Nfkc: return unorm2_getNFKCInstance(&status);
    case UnicodeForm::Nfkd: break;
    }
    return unorm2_getNFKDInstance(&status);
}

void appendNormalized(const UNormalizer2 *normalizer, std::span<const NormalizedChar> segment,
                      std::vector<NormalizedChar> &out)
{
    std::u16string units;
    for (const NormalizedChar &c : segment)
        appendUtf16(units, c.c);
    std::u16string changed(units.size() * 18 + 1, u'\0');  // no character becomes more than 18
    UErrorCode status = U_ZERO_ERROR;
    const int32_t length = unorm2_normalize(normalizer, units.data(), static_cast<int32_t>(units.size()),
                                            changed.data(), static_cast<int32_t>(changed.size()), &status);
    if (U_FAILURE(status)) {
        out.insert(out.end(), segment.begin(), segment.end());
        return;
    }
    const Offset origin{segment.front().origin.begin, segment.back().origin.end};
    for (int32_t i = 0; i < length;) {
        UChar32 c = 0;
        U16_NEXT(changed.data(), i, length, c);
        out.push_back({static_cast<char32_t>(c), segment.size() == 1 ? segment.front().origin : origin});
    }
}

std::vector<char32_t> codePoints(const std::string &text)
{
    std::vector<char32_t> points;
    for (size_t i = 0; i < text.size();)
        points.push_back(decodeUtf8(text, i));
    return points;
}

/// `text` with each of the ranges replaced; what stands there comes from the whole range.
void replaceRanges(std::vector<NormalizedChar> &text, const std::vector<std::pair<size_t, size_t>> &ranges,
                   const std::vector<char32_t> &replacement)
{
    if (ranges.empty())
        return;
    std::vector<NormalizedChar> changed;
    size_t done = 0;
    const auto keepUntil = [&](size_t end) {
        for (; done < end; ++done)
            changed.push_back(text[done]);
    };
    for (const auto &[begin, end] : ranges) {
        keepUntil(begin);
        for (const char32_t c : replacement)
            changed.push_back({c, {text[begin].origin.begin, text[end - 1].origin.end}});
        done = end;
    }
    keepUntil(text.size());
    text = std::move(changed);
}

}  // namespace

NormalizerStep unicodeForm(UnicodeForm form)
{
    const UNormalizer2 *normalizer = normalizerOf(form);
    return [normalizer](std::vector<NormalizedChar> &text) {
        if (std::all_of(text.begin(), text.end(), [](const auto &c) { return c.c < 0xA0; }))
            return;  // stays as it is in every form
        std::vector<NormalizedChar> out;
        out.reserve(text.size());
        for (size_t i = 0; i < text.size();) {
            size_t end = i + 1;
            while (end < text.size() && !unorm2_hasBoundaryBefore(normalizer, static_cast<UChar32>(text[end].c)))
                ++end;
            appendNormalized(normalizer, std::span(text).subspan(i, end - i), out);
            i = end;
        }
        text = std::move(out);
    };
}

NormalizerStep lowercase()
{
    return [](std::vector<NormalizedChar> &text) { lowercaseFrom(text, 0); };
}

NormalizerStep stripAccents()
{
    return [](std::vector<NormalizedChar> &text) {
        std::erase_if(text, [](const NormalizedChar &c) {
            return (U_GET_GC_MASK(static_cast<UChar32>(c.c)) & U_GC_M_MASK) != 0;
        });
    };
}

NormalizerStep strip(bool left, bool right)
{
    return [=](std::vector<NormalizedChar> &text) {
        const auto isText = [](const NormalizedChar &c) { return !isWhitespace(c.c); };
        if (right)
            text.erase(std::find_if(text.rbegin(), text.rend(), isText).base(), text.end());
        if (left)
            text.erase(text.begin(), std::find_if(text.begin(), text.end(), isText));
    };
}

NormalizerStep prepend(const std::string &prefix)
{
    return [points = codePoints(prefix)](std::vector<NormalizedChar> &text) {
        if (text.empty())
            return;
        std::vector<NormalizedChar> front;
        for (const char32_t c : points)
            front.push_back({c, text.front().origin});
        text.insert(text.begin(), front.begin(), front.end());
    };
}

NormalizerStep replaceText(const std::string &find, const std::string &replacement)
{
    return [wanted = codePoints(find), points = codePoints(replacement)](std::vector<NormalizedChar> &text) {
        std::vector<std::pair<size_t, size_t>> ranges;
        for (size_t i = 0; !wanted.empty() && i + wanted.size() <= text.size();) {
            const bool isThere = std::equal(wanted.begin(), wanted.end(), text.begin() + static_cast<std::ptrdiff_t>(i),
                                            [](char32_t c, const NormalizedChar &other) { return c == other.c; });
            if (isThere)
                ranges.emplace_back(i, i + wanted.size());
            i += isThere ? wanted.size() : 1;
        }
        replaceRanges(text, ranges, points);
    };
}

base::Result<NormalizerStep> replaceMatches(const std::string &pattern, const std::string &replacement)
{
    auto compiled = TRY(CharPattern::compile(pattern));
    return [wanted = compiled, points = codePoints(replacement)](std::vector<NormalizedChar> &text) {
        replaceRanges(text, wanted.matches(text), points);
    };
}

base::Result<NormalizerStep> precompiledCharsmap(std::string bytes)
{
    auto map = TRY(Charsmap::parse(std::move(bytes)));
    return [shared = std::make_shared<const Charsmap>(std::move(map))](std::vector<NormalizedChar> &text) {
        shared->normalize(text);
    };
}

}  // namespace engine
