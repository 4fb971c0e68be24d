// SPDX-License-Identifier: Apache-2.0
#include "core/formats/class_name.h"

#include <cstdint>
#include <cstdio>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>
#include <vector>

namespace core {

namespace {

/// Characters looked back at: more marks in a row belong to no word.
constexpr size_t LongestRun = 32;

constexpr UChar32 NonJoiner = 0x200C, Joiner = 0x200D, FirstTag = 0xE0020, LastTag = 0xE007F;
/// Private characters that stand for bytes that are no UTF-8, so that each stays different.
constexpr UChar32 FirstByte = 0x10FE00;

/// A character, or a byte that is no UTF-8.
struct Character {
    UChar32 code;  ///< negative for such a byte
    std::string_view bytes;
};

std::vector<Character> charactersOf(std::string_view text)
{
    std::vector<Character> characters;
    const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
    const auto length = static_cast<int32_t>(text.size());
    for (int32_t i = 0; i < length;) {
        const int32_t begin = i;
        UChar32 code = 0;
        U8_NEXT(bytes, i, length, code);
        if (code < 0)
            i = begin + 1;
        characters.push_back({code, text.substr(static_cast<size_t>(begin), static_cast<size_t>(i - begin))});
    }
    return characters;
}

bool isSpace(UChar32 code)
{
    return u_isUWhiteSpace(code) || code == 0x2800;  // the braille cell without dots looks like one
}

/// Neither seen nor a space.
bool isInvisible(UChar32 code)
{
    return u_hasBinaryProperty(code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
           (u_charType(code) == U_CONTROL_CHAR && !isSpace(code)) || (code >= 0xFFF9 && code <= 0xFFFB);
}

bool isEmoji(UChar32 code)
{
    return u_hasBinaryProperty(code, UCHAR_EXTENDED_PICTOGRAPHIC) || u_hasBinaryProperty(code, UCHAR_EMOJI_MODIFIER) ||
           code == 0xFE0F;
}

/// A joiner that makes a difference: within an emoji, after a letter that joins the next, after a virama (UAX 31).
bool joins(const std::vector<Character> &name, size_t i)
{
    if (i == 0 || i + 1 == name.size())
        return false;
    if (name[i].code == Joiner && isEmoji(name[i - 1].code))
        return isEmoji(name[i + 1].code);
    for (size_t before = i; before-- > 0 && i - before < LongestRun;) {
        const UChar32 code = name[before].code;
        if (code < 0)
            return false;
        if (u_getCombiningClass(code) == 9)
            return true;
        const int32_t joining = u_getIntPropertyValue(code, UCHAR_JOINING_TYPE);
        if (joining != U_JT_TRANSPARENT)
            return joining != U_JT_NON_JOINING && joining != U_JT_JOIN_CAUSING;
    }
    return false;
}

/// Part of the flag of a region: a black flag and letters that are not seen.
bool isFlagTag(const std::vector<Character> &name, size_t i)
{
    size_t flag = i;
    while (flag > 0 && i - flag < LongestRun && name[flag].code >= FirstTag && name[flag].code <= LastTag)
        --flag;
    return name[flag].code == 0x1F3F4;
}

/// Zero-width characters that say nothing where they stand. Marks of the direction and those that choose a character's
/// form say something.
bool isIdle(const std::vector<Character> &name, size_t i)
{
    switch (name[i].code) {
    case 0x00AD:
    case 0x034F:
    case 0x180E:
    case 0x200B:
    case 0x2060:
    case 0xFEFF: return true;
    case NonJoiner:
    case Joiner: return !joins(name, i);
    default: return false;
    }
}

/// An invisible character that changes how its neighbours look.
bool isPartOfSign(const std::vector<Character> &name, size_t i)
{
    const UChar32 code = name[i].code;
    return i > 0 && (u_hasBinaryProperty(code, UCHAR_VARIATION_SELECTOR) ||
                     ((code == NonJoiner || code == Joiner) && joins(name, i)) ||
                     (code >= FirstTag && code <= LastTag && isFlagTag(name, i)));
}

/// First and one behind the last character that can be seen.
std::pair<size_t, size_t> seenPart(const std::vector<Character> &name)
{
    const auto isBlank = [&](size_t i) {
        const UChar32 code = name[i].code;
        return code >= 0 && (isSpace(code) || isInvisible(code));
    };
    size_t begin = 0, end = name.size();
    while (begin < end && isBlank(begin))
        ++begin;
    while (begin < end && isBlank(end - 1) && !isPartOfSign(name, end - 1))
        --end;
    return {begin, end};
}

const icu::Normalizer2 &normalizer(const icu::Normalizer2 *(*instance)(UErrorCode &))
{
    UErrorCode status = U_ZERO_ERROR;
    return *instance(status);  // part of the library itself
}

icu::UnicodeString normalized(const icu::UnicodeString &text, const icu::Normalizer2 &form)
{
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString result = form.normalize(text, status);
    return U_SUCCESS(status) ? result : text;
}

UChar32 plainQuote(UChar32 code)
{
    switch (code) {
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x02BC:
    case 0x00B4:
    case 0x0060: return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x00AB:
    case 0x00BB: return '"';
    default: return code;
    }
}

/// Without what is not seen, in one case and one form.
icu::UnicodeString plainForm(std::string_view name)
{
    const std::vector<Character> characters = charactersOf(name);
    icu::UnicodeString seen;
    for (size_t i = 0; i < characters.size(); ++i) {
        const UChar32 code = characters[i].code;
        const bool isPart = (code == Joiner && i > 0 && isEmoji(characters[i - 1].code) && joins(characters, i)) ||
                            (code >= FirstTag && code <= LastTag && isFlagTag(characters, i));
        if (code < 0)
            seen.append(FirstByte + static_cast<unsigned char>(characters[i].bytes.front()));
        else if (isPart || !isInvisible(code))
            seen.append(plainQuote(code));
    }
    const auto &nfkc = normalizer(icu::Normalizer2::getNFKCInstance);
    icu::UnicodeString plain = normalized(normalized(seen, nfkc).foldCase(), nfkc);
    return plain.findAndReplace(u"i\u0307", u"i");  // the Turkish capital I with its dot
}

bool isSpaceOfNames(UChar32 code)
{
    return isSpace(code) || u_charType(code) == U_CONNECTOR_PUNCTUATION;
}

bool isDash(UChar32 code)
{
    return u_charType(code) == U_DASH_PUNCTUATION || code == 0x2212;
}

bool isEndMark(UChar32 code)
{
    return icu::UnicodeString(u".,;:!\u3001\u3002\u060C\u061B\u0964").indexOf(code) >= 0;
}

/// Spaces, underscores and dashes between words as one space. A dash at an end of the name or of one word only is a
/// sign.
icu::UnicodeString withPlainSpaces(const icu::UnicodeString &text)
{
    icu::UnicodeString result;
    for (int32_t i = 0; i < text.length();) {
        const int32_t begin = i;
        int32_t end = i, lastSpace = -1;
        bool hasDash = false;
        for (UChar32 code = text.char32At(end); end < text.length() && (isSpaceOfNames(code) || isDash(code));
             code = text.char32At(end)) {
            hasDash = hasDash || isDash(code);
            lastSpace = isSpaceOfNames(code) ? end : lastSpace;
            end = text.moveIndex32(end, 1);
        }
        if (end == begin) {
            result.append(text.char32At(i));
            i = text.moveIndex32(i, 1);
            continue;
        }
        i = end;
        const bool spaceBefore = begin == 0 || isSpaceOfNames(text.char32At(begin));
        const bool spaceAfter = end == text.length() || lastSpace == text.moveIndex32(end, -1);
        const bool separates = begin > 0 && end < text.length() && spaceBefore == spaceAfter;
        if (!hasDash || separates) {
            result.append(u' ');
            continue;
        }
        for (int32_t at = begin; at < end; at = text.moveIndex32(at, 1)) {
            if (isDash(text.char32At(at)))
                result.append(u'-');
            else if (!result.endsWith(u" ", 1))
                result.append(u' ');
        }
    }
    return result.trim();
}

icu::UnicodeString withoutEndMarks(const icu::UnicodeString &text)
{
    int32_t end = text.length();
    while (end > 0) {
        const int32_t last = text.moveIndex32(end, -1);
        if (!isEndMark(text.char32At(last)) && text.char32At(last) != ' ')
            return text.tempSubString(0, end);
        end = last;
    }
    return text;  // nothing but marks: they are the name
}

/// Letters with a stroke and the like are letters of their own for Unicode.
UChar32 plainLetter(UChar32 code)
{
    switch (code) {
    case 0x0131: return 'i';
    case 0x0142: return 'l';
    case 0x00F8: return 'o';
    case 0x0111: return 'd';
    case 0x0127: return 'h';
    case 0x0167: return 't';
    default: return code;
    }
}

bool hasAccents(UChar32 code)
{
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(code, &status);
    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

icu::UnicodeString withoutAccents(const icu::UnicodeString &text)
{
    const icu::UnicodeString parts = normalized(text, normalizer(icu::Normalizer2::getNFDInstance));
    icu::UnicodeString result;
    bool isAccent = false;  // of other scripts marks are vowels
    for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
        const UChar32 code = parts.char32At(i);
        const bool isMark = u_charType(code) == U_NON_SPACING_MARK;
        isAccent = isMark ? isAccent : hasAccents(code);
        if (!isMark || !isAccent)
            result.append(plainLetter(code));
    }
    return result;
}

}  // namespace

std::string cleanedClassName(std::string_view name)
{
    const std::vector<Character> characters = charactersOf(name);
    const auto [begin, end] = seenPart(characters);
    std::string cleaned;
    for (size_t i = begin; i < end; ++i) {
        if (!isIdle(characters, i))
            cleaned += characters[i].bytes;
    }
    return cleaned;
}

std::string foldedClassName(std::string_view name)
{
    icu::UnicodeString plain = withPlainSpaces(plainForm(name));
    std::string folded;
    withoutEndMarks(plain).toUTF8String(folded);
    return folded.empty() ? std::string(name) : folded;
}

std::string zerolessClassName(std::string_view name)
{
    const std::string folded = foldedClassName(name);
    std::string zeroless;
    const auto isDigit = [&](size_t i) { return i < folded.size() && folded[i] >= '0' && folded[i] <= '9'; };
    for (size_t i = 0; i < folded.size(); ++i) {
        const bool begins = i == 0 || (!isDigit(i - 1) && folded[i - 1] != '.' && folded[i - 1] != ',');
        for (; begins && folded[i] == '0' && isDigit(i + 1);)
            ++i;
        zeroless += folded[i];
    }
    return zeroless;
}

std::vector<std::string> accentlessClassNames(std::string_view name)
{
    std::vector<std::string> forms(1);
    const std::string folded = foldedClassName(name);
    const auto text = icu::UnicodeString::fromUTF8(folded);
    icu::UnicodeString twoLetters = text;
    for (const auto &[umlaut, written] :
         {std::pair{u"\u00E4", u"ae"}, std::pair{u"\u00F6", u"oe"}, std::pair{u"\u00FC", u"ue"}})
        twoLetters.findAndReplace(umlaut, written);
    withoutAccents(text).toUTF8String(forms.front());
    if (twoLetters != text)
        withoutAccents(twoLetters).toUTF8String(forms.emplace_back());
    return forms;
}

std::string visibleClassName(std::string_view name)
{
    const std::vector<Character> characters = charactersOf(name);
    const auto [begin, end] = seenPart(characters);
    const auto &nfc = normalizer(icu::Normalizer2::getNFCInstance);
    std::string visible;
    for (size_t i = 0; i < characters.size(); ++i) {
        const UChar32 code = characters[i].code;
        const bool isEnd = i < begin || i >= end;
        const bool isAccent = i > 0 && code >= 0 && characters[i - 1].code >= 0 && u_getCombiningClass(code) > 0 &&
                              nfc.composePair(characters[i - 1].code, code) >= 0;
        const bool isHidden =
            code >= 0 && (isAccent || (isSpace(code) ? isEnd || code != ' '
                                                     : isInvisible(code) && (isEnd || !isPartOfSign(characters, i))));
        char written[16];
        std::snprintf(written, sizeof written, "[U+%04X]", static_cast<unsigned>(code));
        visible += isHidden ? std::string_view(written) : characters[i].bytes;
    }
    return visible;
}

}  // namespace core
