// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/normalizer.h"

#include "core/engine/text/utf8.h"

#include <algorithm>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uvernum.h>

namespace engine {

namespace {

/// Unicode version of the category tables in the reference implementation: characters assigned later have no
/// category there.
constexpr int ReferenceUnicodeMajor = 8;

bool isInReferenceTables(char32_t c)
{
    UVersionInfo age;
    u_charAge(static_cast<UChar32>(c), age);
    return age[0] != 0 && age[0] <= ReferenceUnicodeMajor;
}

/// Code points whose general category was another one in the reference tables.
constexpr char32_t OnceMarks[] = {0x1734};
constexpr char32_t NotYetMarks[] = {0x1885, 0x1886, 0xA9BD, 0x111C9};
constexpr char32_t OncePunctuation[] = {0x166D, 0x111C9};

template <size_t Size>
bool isOneOf(char32_t c, const char32_t (&list)[Size])
{
    return std::find(std::begin(list), std::end(list), c) != std::end(list);
}

bool isControl(char32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r')
        return false;
    if (c < 0x80)
        return c < 0x20 || c == 0x7F;
    const auto category = u_charType(static_cast<UChar32>(c));
    return (category == U_CONTROL_CHAR || category == U_FORMAT_CHAR || category == U_PRIVATE_USE_CHAR) &&
           isInReferenceTables(c);
}

bool isNonspacingMark(char32_t c)
{
    if (c < 0x300)
        return false;
    const bool mark = u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK && isInReferenceTables(c);
    return (mark && !isOneOf(c, NotYetMarks)) || isOneOf(c, OnceMarks);
}

/// CJK ideographs only: Hangul, Hiragana and Katakana are written with spaces or in words and stay as they are.
bool isChinese(char32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

void appendDecomposed(char32_t c, Offset origin, std::vector<NormalizedChar> &out)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    UChar buffer[32];
    const int32_t length = unorm2_getDecomposition(nfd, static_cast<UChar32>(c), buffer, 32, &status);
    if (length < 0 || U_FAILURE(status)) {
        out.push_back({c, origin});
        return;
    }
    for (int32_t i = 0; i < length;) {
        UChar32 part = 0;
        U16_NEXT(buffer, i, length, part);
        out.push_back({static_cast<char32_t>(part), origin});
    }
}

void reorderMarks(std::vector<NormalizedChar> &chars, size_t from)
{
    const auto combiningClass = [](const NormalizedChar &n) { return u_getCombiningClass(static_cast<UChar32>(n.c)); };
    for (size_t i = from; i < chars.size();) {
        size_t end = i;
        while (end < chars.size() && chars[end].c >= 0x300 && combiningClass(chars[end]) != 0)
            ++end;
        if (end - i > 1) {
            std::stable_sort(chars.begin() + static_cast<std::ptrdiff_t>(i),
                             chars.begin() + static_cast<std::ptrdiff_t>(end),
                             [&](const auto &a, const auto &b) { return combiningClass(a) < combiningClass(b); });
        }
        i = std::max(end, i + 1);
    }
}

char32_t toLower(char32_t c)
{
    return c < 0x80 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

}  // namespace

bool isWhitespace(char32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13);
    return u_isUWhiteSpace(static_cast<UChar32>(c));
}

bool isBertPunctuation(char32_t c)
{
    if (c < 0x80)
        return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
    return (u_ispunct(static_cast<UChar32>(c)) && isInReferenceTables(c)) || isOneOf(c, OncePunctuation);
}

void normalizeBert(const BertNormalizerConfig &config, std::string_view text, int32_t firstCodePoint,
                   std::vector<NormalizedChar> &out)
{
    const size_t start = out.size();
    int32_t index = firstCodePoint;
    for (size_t i = 0; i < text.size(); ++index) {
        char32_t c = decodeUtf8(text, i);
        const Offset origin{index, index + 1};
        if (config.cleanText) {
            if (c == 0 || c == 0xFFFD || isControl(c))
                continue;
            if (isWhitespace(c))
                c = ' ';
        }
        if (config.handleChineseChars && isChinese(c)) {
            out.push_back({' ', origin});
            // Compatibility ideographs decompose below like everything else.
            if (config.stripAccents)
                appendDecomposed(c, origin, out);
            else
                out.push_back({c, origin});
            out.push_back({' ', origin});
        } else if (config.stripAccents && c >= 0xC0) {
            appendDecomposed(c, origin, out);
        } else {
            out.push_back({c, origin});
        }
    }
    if (config.stripAccents) {
        reorderMarks(out, start);
        out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
                                 [](const NormalizedChar &n) { return isNonspacingMark(n.c); }),
                  out.end());
    }
    if (config.lowercase)
        lowercaseFrom(out, start);
}

void lowercaseFrom(std::vector<NormalizedChar> &out, size_t first)
{
    for (size_t i = first; i < out.size(); ++i) {
        if (out[i].c == 0x130) {  // the one code point whose lower case is two
            out[i].c = 'i';
            out.insert(out.begin() + static_cast<std::ptrdiff_t>(i) + 1, {0x307, out[i].origin});
            continue;
        }
        out[i].c = toLower(out[i].c);
    }
}

}  // namespace engine
