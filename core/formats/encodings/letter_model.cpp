// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encodings/letter_model.h"

#include "core/engine/text/utf8.h"
#include "core/formats/encodings/language_words.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ulocdata.h>
#include <unicode/uscript.h>
#include <unicode/uset.h>

namespace core {

namespace {

/// Stands before and after a word.
constexpr char32_t Edge = 0;
/// Where nothing is known of the letters before.
constexpr char32_t NoLetter = 0x1FFFFF;
constexpr uint64_t Bits = 21;
constexpr uint64_t LastLetter = (1 << Bits) - 1;
/// Spreads keys over a hash table (Knuth's multiplicative hashing).
constexpr uint64_t Spread = 0x9E3779B97F4A7C15U;

/// How often the word of this rank counts: the first ones make up most of a text.
double weightOf(size_t rank)
{
    return 1 + 9 / (1 + static_cast<double>(rank) / 15);
}

int scriptOfLetter(char32_t c)
{
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &status);
}

/// Adds the letters of a language with so much weight in all; nothing where ICU was built without its data.
void addExemplars(Alphabet &alphabet, const std::string &language, ULocaleDataExemplarSetType kind, double weight)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<ULocaleData, decltype(&ulocdata_close)> data(ulocdata_open(language.c_str(), &status),
                                                                       &ulocdata_close);
    const std::unique_ptr<USet, decltype(&uset_close)> set(uset_openEmpty(), &uset_close);
    if (U_FAILURE(status))
        return;
    ulocdata_getExemplarSet(data.get(), set.get(), 0, kind, &status);
    const int32_t size = uset_size(set.get());
    for (int32_t i = 0; U_SUCCESS(status) && i < size; ++i) {
        const UChar32 c = uset_charAt(set.get(), i);
        if (c > 0 && (u_isUAlphabetic(c) || u_charType(c) == U_NON_SPACING_MARK))
            alphabet.letters[static_cast<char32_t>(c)] += static_cast<float>(weight / size);
    }
}

/// Adds the characters that two bytes give, the first and the second within these.
void addRows(Alphabet &alphabet, const char *encoding, int firstLead, int lastLead, double weight)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding, &status), &ucnv_close);
    if (U_FAILURE(status))
        return;
    std::vector<char32_t> characters;
    for (int lead = firstLead; lead <= lastLead; ++lead) {
        for (int trail = 0x40; trail < 0xFF; ++trail) {
            // The older standards use the upper half for both bytes; Big5 does not.
            if (trail < 0xA1 && std::string_view(encoding) != "Big5")
                continue;
            const char bytes[] = {static_cast<char>(lead), static_cast<char>(trail)};
            char16_t out[4];
            status = U_ZERO_ERROR;
            const int32_t length = ucnv_toUChars(converter.get(), out, 4, bytes, 2, &status);
            if (U_SUCCESS(status) && length == 1 && out[0] != 0xFFFD && u_isUAlphabetic(out[0]))
                characters.push_back(out[0]);
        }
    }
    for (const char32_t c : characters)
        alphabet.letters[c] += static_cast<float>(weight / static_cast<double>(characters.size()));
}

/// The share of a letter where nothing was seen.
double baseShare(const Alphabet &alphabet, char32_t c)
{
    const auto found = alphabet.letters.find(c);
    if (found != alphabet.letters.end())
        return 0.99 * static_cast<double>(found->second);
    return scriptOfLetter(c) == alphabet.script ? 1e-5 : 1e-8;
}

void addRange(Alphabet &alphabet, char32_t first, char32_t last, double weight)
{
    for (char32_t c = first; c <= last; ++c)
        alphabet.letters[c] += static_cast<float>(weight / static_cast<double>(last - first + 1));
}

}  // namespace

char32_t usualLetter(char32_t c)
{
    return c == 0x6CC ? 0x64A : static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
}

Alphabet alphabetOf(const std::string &language)
{
    Alphabet alphabet;
    alphabet.script = USCRIPT_LATIN;
    if (language == "ja") {
        alphabet.script = USCRIPT_HIRAGANA;
        addRange(alphabet, 0x3041, 0x3093, 0.3);
        addRange(alphabet, 0x30A1, 0x30FC, 0.25);
        addRows(alphabet, "EUC-JP", 0xB0, 0xCF, 0.4);
        addRows(alphabet, "EUC-JP", 0xD0, 0xF4, 0.03);
        addRange(alphabet, 0x3005, 0x3006, 0.01);
    } else if (language == "ko") {
        alphabet.script = USCRIPT_HANGUL;
        addRows(alphabet, "windows-949", 0xB0, 0xC8, 0.97);
        addRange(alphabet, 0xAC00, 0xD7A3, 0.005);
        addRows(alphabet, "windows-949", 0xCA, 0xFD, 0.02);
    } else if (language == "zh") {
        alphabet.script = USCRIPT_HAN;
        addRows(alphabet, "GB18030", 0xB0, 0xD7, 0.93);
        addRows(alphabet, "GB18030", 0xD8, 0xF7, 0.06);
        addRange(alphabet, 0x4E00, 0x9FA5, 0.005);
        addRange(alphabet, 0x3041, 0x30FC, 0.001);
    } else if (language == "zt") {
        alphabet.script = USCRIPT_HAN;
        addRows(alphabet, "Big5", 0xA4, 0xC6, 0.96);
        addRows(alphabet, "Big5", 0xC9, 0xF9, 0.03);
        addRange(alphabet, 0x4E00, 0x9FA5, 0.005);
        addRange(alphabet, 0x3041, 0x30FC, 0.001);
    } else if (language == "und") {
        addRange(alphabet, 'a', 'z', 0.9);
        addRange(alphabet, 0xE0, 0xFF, 0.08);
        addRange(alphabet, 0x100, 0x17F, 0.01);
    } else {
        addExemplars(alphabet, language, ULOCDATA_ES_STANDARD, 0.97);
        addExemplars(alphabet, language, ULOCDATA_ES_AUXILIARY, 0.03);
        for (const auto &[letter, share] : alphabet.letters) {
            if (share > 0.01) {
                alphabet.script = scriptOfLetter(letter);
                if (alphabet.script > USCRIPT_INHERITED)
                    break;
            }
        }
    }
    alphabet.spaced = language != "ja" && language != "zh" && language != "zt" && language != "th";
    return alphabet;
}

LetterModel::LetterModel(std::string language, std::string_view words)
    : m_language(std::move(language)), m_alphabet(alphabetOf(m_language))
{
    Counts one, two, three;
    const auto take = [&](const std::u32string &word, double weight) {
        char32_t before2 = Edge, before = Edge;
        const size_t length = word.size() + (m_alphabet.spaced ? 1 : 0);
        for (size_t i = 0; i < length; ++i) {
            const char32_t c = i < word.size() ? word[i] : Edge;
            one[c] += weight;
            if (i > 0 || m_alphabet.spaced)
                two[(uint64_t{before} << Bits) | c] += weight;
            if (i > 1 || (i > 0 && m_alphabet.spaced))
                three[(((uint64_t{before2} << Bits) | before) << Bits) | c] += weight;
            before2 = before;
            before = c;
        }
    };
    size_t rank = 0;
    std::u32string word;
    for (size_t i = 0; i <= words.size();) {
        const bool end = i == words.size();
        const char32_t c = end ? U' ' : engine::decodeUtf8(words, i);
        // An apostrophe, a hyphen and the like part words, as in texts.
        if (u_isUAlphabetic(static_cast<UChar32>(c)) || u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK) {
            word += usualLetter(c);
        } else if (!word.empty()) {
            take(word, weightOf(rank++));
            word.clear();
        }
        if (end)
            break;
    }
    // How often each context was seen, and how many letters came after it.
    const auto contextsOf = [](const Counts &counts) {
        std::map<uint64_t, std::pair<double, double>> contexts;
        for (const auto &[key, count] : counts) {
            contexts[key >> Bits].first += count;
            contexts[key >> Bits].second += 1;
        }
        return contexts;
    };
    // Witten and Bell: the more letters came after a context, the likelier is one that never did.
    const auto left = [](const auto &contexts, uint64_t context) {
        const auto found = contexts.find(context);
        if (found == contexts.end())
            return 1.0;
        const double others = 2 * found->second.second;
        return others / (found->second.first + others);
    };
    const auto oneTotal = contextsOf(one), twoTotals = contextsOf(two), threeTotals = contextsOf(three);
    const auto smoothed = [&](const auto &contexts, uint64_t key, double count, double below) {
        const double rest = left(contexts, key >> Bits);
        return count / contexts.at(key >> Bits).first * (1 - rest) + rest * below;
    };
    const auto reserve = [](std::vector<Entry> &table, size_t size) {
        size_t room = 16;
        while (room < 2 * size)
            room *= 2;
        table.assign(room, {});
    };
    reserve(m_one, one.size());
    reserve(m_two, two.size());
    reserve(m_three, three.size());
    m_leftOfOne = std::log(left(oneTotal, 0));
    const auto logarithm = [](double share) { return static_cast<float>(std::log(share)); };
    for (const auto &[key, count] : one)
        put(m_one, key + 1,
            {key + 1, logarithm(smoothed(oneTotal, key, count, baseShare(m_alphabet, static_cast<char32_t>(key)))),
             logarithm(left(twoTotals, key))});
    for (const auto &[key, count] : two)
        put(m_two, key + 1,
            {key + 1,
             logarithm(smoothed(twoTotals, key, count, std::exp(oddsOf(NoLetter, NoLetter, key & LastLetter)))),
             logarithm(left(threeTotals, key))});
    for (const auto &[key, count] : three)
        put(m_three, key + 1,
            {key + 1,
             logarithm(smoothed(threeTotals, key, count,
                                std::exp(oddsOf(NoLetter, (key >> Bits) & LastLetter, key & LastLetter)))),
             0});
}

void LetterModel::put(std::vector<Entry> &table, uint64_t key, const Entry &entry)
{
    size_t place = (key * Spread) >> 32 & (table.size() - 1);
    while (table[place].key != 0)
        place = (place + 1) & (table.size() - 1);
    table[place] = entry;
}

const LetterModel::Entry *LetterModel::find(const std::vector<Entry> &table, uint64_t key)
{
    size_t place = (key * Spread) >> 32 & (table.size() - 1);
    while (table[place].key != 0 && table[place].key != key)
        place = (place + 1) & (table.size() - 1);
    return table[place].key == 0 ? nullptr : &table[place];
}

bool LetterModel::isLatin() const
{
    return m_alphabet.script == USCRIPT_LATIN;
}

double LetterModel::oddsOf(char32_t before2, char32_t before, char32_t c) const
{
    double odds = 0;
    if (before2 != NoLetter) {
        const uint64_t context = (uint64_t{before2} << Bits) | before;
        if (const Entry *seen = find(m_three, ((context << Bits) | c) + 1))
            return static_cast<double>(seen->odds);
        if (const Entry *seen = find(m_two, context + 1))
            odds += static_cast<double>(seen->left);
    }
    if (before != NoLetter) {
        if (const Entry *seen = find(m_two, ((uint64_t{before} << Bits) | c) + 1))
            return odds + static_cast<double>(seen->odds);
        if (const Entry *seen = find(m_one, before + 1))
            odds += static_cast<double>(seen->left);
    }
    if (const Entry *seen = find(m_one, uint64_t{c} + 1))
        return odds + static_cast<double>(seen->odds);
    return odds + m_leftOfOne + std::log(baseShare(m_alphabet, c));
}

double LetterModel::ofWord(std::u32string_view word) const
{
    double sum = 0;
    char32_t before2 = m_alphabet.spaced ? Edge : NoLetter, before = before2;
    const size_t length = word.size() + (m_alphabet.spaced ? 1 : 0);
    for (size_t i = 0; i < length; ++i) {
        const char32_t c = i < word.size() ? word[i] : Edge;
        sum += oddsOf(before2, before, c);
        before2 = before;
        before = c;
    }
    return sum;
}

const std::vector<LetterModel> &letterModels()
{
    static const std::vector<LetterModel> models = [] {
        std::vector<LetterModel> made;
        std::string all;
        const auto take = [&](std::string_view table) {
            while (!table.empty()) {
                const std::string_view line = table.substr(0, table.find('\n'));
                table.remove_prefix(std::min(table.size(), line.size() + 1));
                const size_t colon = line.find(':');
                if (colon == std::string_view::npos)
                    continue;
                made.emplace_back(std::string(line.substr(0, colon)), line.substr(colon + 1));
                all += std::string(line.substr(colon + 1));
            }
        };
        take(LatinWords);
        take(CentralWords);
        made.emplace_back("und", all);
        take(OtherWords);
        return made;
    }();
    return models;
}

}  // namespace core
