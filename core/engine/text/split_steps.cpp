// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/split_steps.h"

#include "core/engine/text/char_pattern.h"

#include <algorithm>
#include <unicode/uchar.h>

namespace engine {

namespace {

using Ranges = std::vector<std::pair<size_t, size_t>>;

/// Calls `split(word)` for each word; that gives the ranges it is split into.
template <class Split>
SplitStep byRanges(Split split)
{
    return [split](std::vector<Word> words) {
        std::vector<Word> parts;
        for (const Word &word : words) {
            for (const auto &[begin, end] : split(word)) {
                if (end > begin)
                    parts.emplace_back(word.begin() + static_cast<std::ptrdiff_t>(begin),
                                       word.begin() + static_cast<std::ptrdiff_t>(end));
            }
        }
        return parts;
    };
}

/// Of a text of `size` the parts between and around delimiters.
Ranges splitAt(const Ranges &delimiters, size_t size, Delimiter behavior)
{
    Ranges parts;
    size_t done = 0;
    bool lastIsDelimiter = false;
    const auto between = [&](size_t end) {
        if (end == done)
            return;
        if (behavior == Delimiter::MergedWithNext && lastIsDelimiter)
            parts.back().second = end;
        else
            parts.emplace_back(done, end);
        lastIsDelimiter = false;
        done = end;
    };
    for (const auto &[begin, end] : delimiters) {
        between(begin);
        const bool joins = !parts.empty() && parts.back().second == begin &&
                           ((behavior == Delimiter::MergedWithPrevious && !lastIsDelimiter) ||
                            (behavior == Delimiter::Contiguous && lastIsDelimiter));
        if (joins)
            parts.back().second = end;
        else if (behavior != Delimiter::Removed)
            parts.emplace_back(begin, end);
        lastIsDelimiter = true;
        done = end;
    }
    if (behavior == Delimiter::Removed)
        lastIsDelimiter = false;
    between(size);
    return parts;
}

/// Each character that `is` says so of, as a delimiter.
template <class Is>
SplitStep atCharacters(Is is, Delimiter behavior)
{
    return byRanges([is, behavior](const Word &word) {
        Ranges delimiters;
        for (size_t i = 0; i < word.size(); ++i) {
            if (is(word[i].c))
                delimiters.emplace_back(i, i + 1);
        }
        return splitAt(delimiters, word.size(), behavior);
    });
}

bool isLetter(char32_t c)
{
    if (c < 0x80)
        return (c | 32) >= 'a' && (c | 32) <= 'z';
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_L_MASK) != 0;
}

bool isNumber(char32_t c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9';
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_N_MASK) != 0;
}

bool isSign(char32_t c)
{
    return !isWhitespace(c) && !isLetter(c) && !isNumber(c);
}

/// How many characters of a contraction ('s, 't, 're, 've, 'm, 'll, 'd) are at a place.
size_t contractionAt(const Word &word, size_t i)
{
    const auto at = [&](size_t k) { return k < word.size() ? word[k].c : char32_t{0}; };
    if (at(i) != '\'')
        return 0;
    const char32_t a = at(i + 1), b = at(i + 2);
    if (a == 's' || a == 't' || a == 'm' || a == 'd')
        return 2;
    return (a == 'r' && b == 'e') || (a == 'v' && b == 'e') || (a == 'l' && b == 'l') ? 3 : 0;
}

template <class Is>
size_t runEnd(const Word &word, size_t i, Is is)
{
    while (i < word.size() && is(word[i].c))
        ++i;
    return i;
}

/// End of the part of GPT-2's pattern that begins at `i`:
/// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
size_t gpt2End(const Word &word, size_t i)
{
    if (const size_t length = contractionAt(word, i))
        return i + length;
    const size_t first = word[i].c == ' ' && i + 1 < word.size() ? i + 1 : i;
    const char32_t c = word[first].c;
    if (isLetter(c))
        return runEnd(word, first, isLetter);
    if (isNumber(c))
        return runEnd(word, first, isNumber);
    if (isSign(c))
        return runEnd(word, first, isSign);
    const size_t end = runEnd(word, i, isWhitespace);
    return end < word.size() && end > i + 1 ? end - 1 : end;  // the last one belongs to what follows
}

}  // namespace

SplitStep gpt2Words()
{
    return byRanges([](const Word &word) {
        Ranges parts;
        for (size_t i = 0; i < word.size();) {
            const size_t end = gpt2End(word, i);
            parts.emplace_back(i, end);
            i = end;
        }
        return parts;
    });
}

SplitStep prependSpace()
{
    return [](std::vector<Word> words) {
        for (Word &word : words) {
            if (!word.empty() && word.front().c != ' ')
                word.insert(word.begin(), {' ', {word.front().origin.begin, word.front().origin.begin}});
        }
        return words;
    };
}

SplitStep whitespaceWords()
{
    return atCharacters(isWhitespace, Delimiter::Removed);
}

SplitStep wordsAndSigns()
{
    return byRanges([](const Word &word) {
        const auto isWordChar = [](char32_t c) {
            return c == '_' || c == 0x200C || c == 0x200D || isLetter(c) ||
                   u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_ALPHABETIC) ||
                   (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0;
        };
        Ranges parts;
        for (size_t i = 0; i < word.size();) {
            if (isWhitespace(word[i].c)) {
                ++i;
                continue;
            }
            const bool kind = isWordChar(word[i].c);
            const size_t end = runEnd(word, i, [&](char32_t c) { return !isWhitespace(c) && isWordChar(c) == kind; });
            parts.emplace_back(i, end);
            i = end;
        }
        return parts;
    });
}

SplitStep punctuation(Delimiter behavior)
{
    return atCharacters(isBertPunctuation, behavior);
}

SplitStep digits(bool eachForItself)
{
    return atCharacters(isNumber, eachForItself ? Delimiter::Isolated : Delimiter::Contiguous);
}

base::Result<SplitStep> atMatches(const std::string &pattern, Delimiter behavior, bool inverted)
{
    auto compiled = TRY(CharPattern::compile(pattern));
    return byRanges([wanted = compiled, behavior, inverted](const Word &word) {
        const Ranges found = wanted.matches(word);
        if (!inverted)
            return splitAt(found, word.size(), behavior);
        Ranges others;
        size_t done = 0;
        for (const auto &[begin, end] : found) {
            if (begin > done)
                others.emplace_back(done, begin);
            done = end;
        }
        if (done < word.size())
            others.emplace_back(done, word.size());
        if (behavior != Delimiter::Removed)
            return splitAt(others, word.size(), behavior);
        return found;  // matches that touch stay apart
    });
}

SplitStep metaspace(Metaspace how)
{
    return [how](std::vector<Word> words) {
        for (Word &word : words) {
            for (NormalizedChar &c : word)
                c.c = c.c == ' ' ? how.mark : c.c;
            const bool wanted =
                how.prepend == Metaspace::Prepend::Always ||
                (how.prepend == Metaspace::Prepend::First && !word.empty() && word.front().origin.begin == 0);
            if (wanted && !word.empty() && word.front().c != how.mark)
                word.insert(word.begin(), {how.mark, {word.front().origin.begin, word.front().origin.begin}});
        }
        if (!how.splits)
            return words;
        return atCharacters([mark = how.mark](char32_t c) { return c == mark; },
                            Delimiter::MergedWithNext)(std::move(words));
    };
}

}  // namespace engine
