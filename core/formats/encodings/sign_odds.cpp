// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encodings/sign_odds.h"

#include <initializer_list>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace core {

namespace {

/// For signs that nobody writes there.
constexpr double Never = -13;

bool isSpace(char32_t c)
{
    return c == ' ' || c == 0xA0 || c == 0x3000;
}

/// The border of a line or of a table's cell.
bool isBorder(char32_t c)
{
    return c == 0 || c == '\n' || c == '\r' || c == '\t' || c == ',' || c == ';' || c == '|' || c == '"' || c == '\'';
}

bool isDigit(char32_t c)
{
    return c >= '0' && c <= '9';
}

bool isDrawing(char32_t c)
{
    return c >= 0x2500 && c < 0x25A0;
}

/// Punctuation and full-width forms of East Asia.
bool isWidePunctuation(char32_t c)
{
    return (c >= 0x3000 && c < 0x3040) || (c >= 0xFF00 && c < 0xFF61) || (c >= 0xFFE0 && c < 0xFFE8);
}

bool is(char32_t c, UScriptCode script)
{
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &status) == script;
}

/// What is around a sign.
struct Place {
    char32_t before, after;

    [[nodiscard]] bool letterBefore() const { return isOfWord(before); }
    [[nodiscard]] bool letterAfter() const { return isOfWord(after); }
    [[nodiscard]] bool inWord() const { return letterBefore() && letterAfter(); }
    /// Free before it: a space, a border, a bracket or a dash.
    [[nodiscard]] bool opens() const
    {
        return isSpace(before) || isBorder(before) || before == '(' || before == '[' || before == '-' ||
               before == '>' || before == 0x2013 || before == 0x2014 || before == 0xAB || before == 0x201E;
    }
    /// Free after it: a space, a border or closing punctuation.
    [[nodiscard]] bool closes() const
    {
        return isSpace(after) || isBorder(after) || after == '.' || after == ')' || after == '!' || after == '?' ||
               after == ':' || after == ']' || after == '-' || after == '<' || after == 0x2026 || after == 0xBB;
    }
};

double openingQuote(const Place &place, double fits)
{
    if (place.inWord())
        return Never;
    if (place.opens() && !isSpace(place.after) && !isBorder(place.after))
        return fits;
    return fits - (place.opens() || !place.letterBefore() ? 3 : 5);
}

double closingQuote(const Place &place, double fits)
{
    if (place.inWord())
        return Never;
    if (place.closes() && !isSpace(place.before) && !isBorder(place.before))
        return fits;
    return fits - (place.closes() || !place.letterAfter() ? 3 : 5);
}

/// Signs that stand beside numbers: free or beside a digit they fit, within a word they do not.
double numberSign(const Place &place, double fits)
{
    if (place.inWord())
        return Never;
    if (isDigit(place.before) || isDigit(place.after))
        return fits;
    if (isSpace(place.before) && place.closes())
        return fits - 0.5;
    return (place.opens() || isSpace(place.after)) && !place.letterAfter() ? fits - 2.5 : fits - 4;
}

/// Signs behind a word or a number, such as (R).
double trailingSign(const Place &place, double fits)
{
    if (place.letterAfter())
        return Never;
    return place.letterBefore() || isDigit(place.before) ? fits : fits - 2;
}

double punctuationOdds(const Place &place, char32_t sign)
{
    const bool inWord = place.inWord();
    switch (sign) {
    case 0x2019:  // right single quotation mark, mostly the apostrophe
        return inWord                                   ? -4.5
               : place.letterBefore() && place.closes() ? -6
               : place.opens() && place.letterAfter()   ? -8
                                                        : -9;
    case 0x2018: return inWord ? -9 : openingQuote(place, -6);
    case 0x201A: return openingQuote(place, -8);
    case 0x201C:
        if (place.closes() && (place.letterBefore() || place.before == '.' || place.before == ',' ||
                               place.before == '!' || place.before == '?'))
            return -6.5;
        return openingQuote(place, -5.5);
    case 0x201D: return place.opens() && place.letterAfter() ? -7 : closingQuote(place, -5.5);
    case 0x201E: return openingQuote(place, -6);
    case 0x2039:
    case 0x203A: return inWord ? Never : -10;
    case 0xAB:
    case 0xBB:
        if (inWord)
            return Never;
        return place.opens() || place.closes() ? -5.5 : -9;
    case 0x2013:
    case 0x2012: {
        const bool apart = isSpace(place.before) && isSpace(place.after);
        const bool range = isDigit(place.before) && isDigit(place.after);
        return apart || range ? -5.5 : inWord ? -7.5 : -8;
    }
    case 0x2014: return isSpace(place.before) && isSpace(place.after) ? -6 : inWord ? -6.5 : -7.5;
    case 0x2026: return inWord ? -7.5 : place.letterBefore() ? -5.5 : -8;
    case 0xB4: return inWord ? -8.5 : place.letterBefore() && place.closes() ? -10 : -12;
    case 0xA1:
    case 0xBF: return place.letterAfter() && !place.letterBefore() ? (sign == 0xBF ? -8 : -8.5) : Never;
    case 0xB7:
        return inWord ? (place.before == 'l' && place.after == 'l' ? -5 : -11) : isSpace(place.before) ? -8 : -10;
    case 0x2022: return inWord ? Never : isSpace(place.after) && !place.letterBefore() ? -6.5 : -9;
    case 0xAD: return inWord ? -8 : -11;
    default: return 0;
    }
}

/// 0: no such sign.
double symbolOdds(const Place &place, char32_t sign)
{
    switch (sign) {
    case 0xA0:
        // Between words, after a number, beside another space, at the end of a line.
        return -6;
    case 0x20AC: return numberSign(place, -5.5);
    case 0xA3: return numberSign(place, -6);
    case 0xA5:
    case 0xA2: return numberSign(place, -8.5);
    case 0xA4: return Never - 3;
    case 0xB0:
        if (isDigit(place.before) && (place.after == 'C' || place.after == 'F'))
            return -3;
        return place.before == 'n' || place.before == 'N' ? -7 : numberSign(place, -6);
    case 0xB1:
    case 0xD7:
    case 0xF7: return numberSign(place, -8.5);
    case 0xBC:
    case 0xBD:
    case 0xBE: return place.letterBefore() ? Never : numberSign(place, -7.5);
    case 0xB2:
    case 0xB3: return place.letterAfter() ? Never : place.before == 'm' || isDigit(place.before) ? -7 : -11;
    case 0xB9: return place.letterAfter() ? Never : -10.5;
    case 0xB5: return isDigit(place.before) || isSpace(place.before) ? -9 : Never;
    case 0xBA:
    case 0xAA: return place.letterAfter() ? -12 : isDigit(place.before) ? -6.5 : place.letterBefore() ? -8 : -11;
    case 0xA7: return place.inWord() ? Never : isDigit(place.after) || isSpace(place.after) ? -7 : -9;
    case 0xB6:
    case 0x2020:
    case 0x2021: return place.inWord() ? Never : -11;
    case 0xA9: return place.inWord() ? Never : place.letterBefore() ? -10 : -7;
    case 0xAE:
    case 0x2122: return trailingSign(place, -7);
    case 0x2030: return numberSign(place, -9);
    case 0x2116: return place.letterBefore() ? Never : -6;
    case 0x20AA:
    case 0x20AB:
    case 0xE3F: return numberSign(place, -8);
    default: return 0;
    }
}

/// Signs of one script, good beside its letters.
double scriptSignOdds(const Place &place, char32_t sign)
{
    const auto beside = [&](UScriptCode script) { return is(place.before, script) || is(place.after, script); };
    if (sign == 0x60C || sign == 0x61B || sign == 0x61F || sign == 0x640)
        return beside(USCRIPT_ARABIC) ? -4.5 : Never;
    if (sign == 0x200C || sign == 0x200D)
        return beside(USCRIPT_ARABIC) ? -4.5 : Never;
    if (sign == 0x200E || sign == 0x200F)
        return beside(USCRIPT_ARABIC) || beside(USCRIPT_HEBREW) ? -8 : Never;
    if (sign == 0x5BE || sign == 0x5F3 || sign == 0x5F4)
        return beside(USCRIPT_HEBREW) ? -8 : Never;
    if (sign == 0x387)
        return beside(USCRIPT_GREEK) ? -7.5 : Never;
    if (sign >= 0xE50 && sign < 0xE5C)
        return beside(USCRIPT_THAI) || (place.before >= 0xE50 && place.before < 0xE5C) ? -6 : Never;
    return 0;
}

}  // namespace

bool isOfWord(char32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == 0xAA || c == 0xBA || c == 0xB5)
        return false;
    const auto type = u_charType(static_cast<UChar32>(c));
    return u_isUAlphabetic(static_cast<UChar32>(c)) || type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
}

bool isEastAsian(char32_t c)
{
    if (c < 0x1100)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(static_cast<UChar32>(c), &status);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_HANGUL || c == 0x30FC || c == 0xFF70 || c == 0xFF9E || c == 0xFF9F;
}

double signOdds(char32_t before, char32_t sign, char32_t after)
{
    if (sign < 0x80) {
        if (isDigit(sign))
            return -1.5;
        if (sign < 0x20 && !isBorder(sign) && sign != 0)
            return -12;
        return sign == ' ' || isBorder(sign) ? -0.2 : -2.5;
    }
    const auto type = u_charType(static_cast<UChar32>(sign));
    if (sign == 0xFFFD)
        return -20;
    if (type == U_CONTROL_CHAR || type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR)
        return -18;
    if (isDrawing(sign))
        return isDrawing(before) && !isOfWord(after) ? -3.5 : isOfWord(before) || isOfWord(after) ? -16 : -10;
    const Place place{before, after};
    if (isWidePunctuation(sign)) {
        const bool wide =
            isEastAsian(before) || isEastAsian(after) || isWidePunctuation(before) || isWidePunctuation(after);
        return wide ? -3.8 : isBorder(before) || isBorder(after) ? -8 : -11;
    }
    for (const double odds : {punctuationOdds(place, sign), symbolOdds(place, sign), scriptSignOdds(place, sign)}) {
        if (odds != 0)
            return odds;
    }
    return place.inWord() ? Never - 1 : Never;
}

}  // namespace core
