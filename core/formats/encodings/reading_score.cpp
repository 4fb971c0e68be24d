// SPDX-License-Identifier: Apache-2.0
#include "core/formats/encodings/reading_score.h"

#include "core/formats/encodings/byte_sample.h"
#include "core/formats/encodings/conversion.h"
#include "core/formats/encodings/sign_odds.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

namespace core {

namespace {

/// Words speak for their language no longer than this many words: texts change it.
constexpr double Memory = 40;
/// How many words of its own a language weighs before anything is read.
constexpr double RareLanguage = 0.02;
/// Plain words that are looked at; more say nothing new.
constexpr size_t MostPlainWords = 1500;
double startOf(const std::string &language)
{
    static const std::map<std::string, double> common{
        {"en", 0.3},  {"de", 0.1}, {"fr", 0.1}, {"es", 0.1}, {"pt", 0.05}, {"it", 0.05}, {"nl", 0.05}, {"pl", 0.05},
        {"tr", 0.05}, {"ru", 0.1}, {"ja", 0.1}, {"zh", 0.1}, {"zt", 0.05}, {"ko", 0.05}, {"ar", 0.05}};
    const auto found = common.find(language);
    return found == common.end() ? RareLanguage : found->second;
}

bool isPlainLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Half-width katakana as usual ones, full-width Latin letters as ASCII.
char32_t usualWidth(char32_t c)
{
    static constexpr char16_t Kana[] =
        u"\u30FB\u30F2\u30A1\u30A3\u30A5\u30A7\u30A9\u30E3\u30E5\u30E7\u30C3\u30FC\u30A2\u30A4"
        u"\u30A6\u30A8\u30AA\u30AB\u30AD\u30AF\u30B1\u30B3\u30B5\u30B7\u30B9\u30BB\u30BD\u30BF"
        u"\u30C1\u30C4\u30C6\u30C8\u30CA\u30CB\u30CC\u30CD\u30CE\u30CF\u30D2\u30D5\u30D8\u30DB"
        u"\u30DE\u30DF\u30E0\u30E1\u30E2\u30E4\u30E6\u30E8\u30E9\u30EA\u30EB\u30EC\u30ED\u30EF"
        u"\u30F3\u30FC\u30FC";
    if (c >= 0xFF65 && c <= 0xFF9F)
        return Kana[c - 0xFF65];
    if ((c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A))
        return c - 0xFEE0;
    return c;
}

bool isHalfKana(char32_t c)
{
    return c >= 0xFF65 && c <= 0xFF9F;
}

/// What capitals cost: none, the first letter, all letters, or some amid small ones.
double caseOdds(std::u32string_view word)
{
    size_t capitals = 0, small = 0;
    bool amid = false;
    for (size_t i = 0; i < word.size(); ++i) {
        const auto c = static_cast<UChar32>(word[i]);
        if (u_isUUppercase(c)) {
            ++capitals;
            amid = amid || small > 0;
        } else if (u_isULowercase(c) && c != 0xDF) {
            ++small;
        }
    }
    if (capitals == 0)
        return 0;
    if (small == 0)
        return word.size() == 1 ? -1.5 : -3;
    return amid || capitals > 1 ? -7 : -1.5;
}

std::u32string smallLetters(std::u32string_view word)
{
    std::u32string small;
    for (const char32_t c : word)
        small += usualLetter(c);
    return small;
}

bool isLatin(std::u32string_view word)
{
    return std::all_of(word.begin(), word.end(), [](char32_t c) {
        UErrorCode status = U_ZERO_ERROR;
        return uscript_getScript(static_cast<UChar32>(c), &status) == USCRIPT_LATIN;
    });
}

/// What is no character is U+FFFD, also what ends within one.
icu::UnicodeString decoded(std::string_view bytes, UConverter *converter)
{
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString text;
    const auto room = static_cast<int32_t>(bytes.size() * 2 + 16);
    char16_t *begin = text.getBuffer(room);
    char16_t *end = begin;
    const char *source = bytes.data();
    ucnv_resetToUnicode(converter);
    ucnv_toUnicode(converter, &end, begin + room, &source, bytes.data() + bytes.size(), nullptr, true, &status);
    text.releaseBuffer(static_cast<int32_t>(end - begin));
    if (U_FAILURE(status))
        text.append(char16_t{0xFFFD});
    return text;
}

std::u32string codePoints(const icu::UnicodeString &text)
{
    std::u32string points;
    for (int32_t i = 0; i < text.length();) {
        const UChar32 c = text.char32At(i);
        i += U16_LENGTH(c);
        points += static_cast<char32_t>(c);
    }
    return points;
}

}  // namespace

/// In which languages a text has been so far: how many of its words were in each, the last ones mostly.
class SampleReader::Languages {
public:
    Languages()
    {
        for (const LetterModel &model : letterModels()) {
            m_words.push_back(startOf(model.language()));
            m_all += m_words.back();
        }
        m_start = m_words;
    }

    /// The logarithm of how likely the word is, which is then one of those that were read.
    double take(const WordOdds &word, const std::vector<int> &languages)
    {
        double likely = 0;
        for (size_t i = 0; i < languages.size(); ++i)
            likely += static_cast<double>(word.shares[i]) * words(languages[i]);
        if (likely <= 0)
            return word.best - 20;
        for (size_t i = 0; i < languages.size(); ++i) {
            double &seen = words(languages[i]);
            seen += static_cast<double>(word.shares[i]) * seen / likely;
        }
        const double odds = word.best + std::log(likely / m_all);
        m_all += 1;
        if (m_all > Memory) {
            m_all = 0;
            for (size_t i = 0; i < m_words.size(); ++i) {
                m_words[i] = std::max(m_start[i], m_words[i] * (Memory - 1) / Memory);
                m_all += m_words[i];
            }
        }
        return odds;
    }

private:
    double &words(int language) { return m_words[static_cast<size_t>(language)]; }

    std::vector<double> m_words, m_start;
    double m_all = 0;
};

/// What a reading made of the bytes above 127.
struct SampleReader::Special {
    double all = 0;  ///< the odds of everything in these pieces
    double odds = 0, letters = 0;
    int ofScript = 0;  ///< letters beyond Latin ones
};

SampleReader::SampleReader(std::string sample) : m_sample(std::move(sample))
{
    const auto &models = letterModels();
    for (size_t i = 0; i < models.size(); ++i) {
        if (models[i].isLatin())
            m_latin.push_back(static_cast<int>(i));
    }
    size_t plainWords = 0;
    for (size_t i = 0; i < m_sample.size();) {
        if (static_cast<unsigned char>(m_sample[i]) < FirstTrail) {
            ++i;
            continue;
        }
        Piece piece{i, i, -2};
        while (piece.end < m_sample.size() && static_cast<unsigned char>(m_sample[piece.end]) >= FirstTrail)
            ++piece.end;
        i = piece.end;
        const std::string_view bytes = std::string_view(m_sample).substr(piece.begin, piece.end - piece.begin);
        if (hasHighByte(bytes)) {
            piece.plainWord = -1;
            ++m_special;
        } else {
            const bool word = std::all_of(bytes.begin(), bytes.end(), isPlainLetter);
            if (!word || ++plainWords > MostPlainWords)
                continue;
            piece.plainWord = plainWord(bytes);
        }
        m_pieces.push_back(piece);
    }
}

int SampleReader::plainWord(std::string_view word)
{
    const auto [found, isNew] = m_plainPlaces.emplace(std::string(word), static_cast<int>(m_plain.size()));
    if (isNew)
        m_plain.push_back(oddsOf(std::u32string(word.begin(), word.end()), m_latin));
    return found->second;
}

SampleReader::WordOdds SampleReader::oddsOf(std::u32string_view word, const std::vector<int> &languages) const
{
    WordOdds odds;
    odds.best = -1e9;
    const std::u32string small = smallLetters(word);
    std::vector<double> all;
    for (const int language : languages) {
        all.push_back(letterModels()[static_cast<size_t>(language)].ofWord(small));
        odds.best = std::max(odds.best, all.back());
    }
    for (const double one : all)
        odds.shares.push_back(static_cast<float>(std::exp(one - odds.best)));
    odds.best += caseOdds(word);
    return odds;
}

void SampleReader::readPiece(std::u32string_view text, char32_t before, char32_t after,
                             const std::vector<int> &languages, Languages &mixture, Special &special)
{
    auto &known = m_known[languages];
    const auto at = [&](size_t i) { return i < text.size() ? text[i] : after; };
    const auto isDigit = [](char32_t c) { return c >= '0' && c <= '9'; };
    for (size_t i = 0; i < text.size();) {
        const char32_t c = text[i];
        const char32_t previous = i > 0 ? text[i - 1] : before;
        if (!isOfWord(c)) {
            const double odds = signOdds(previous, c, at(i + 1));
            special.all += odds;
            special.odds += c >= 0x80 ? odds : 0;
            special.letters += c >= 0x80 ? 2 : 0;
            ++i;
            continue;
        }
        const size_t begin = i;
        const bool eastAsian = isEastAsian(c);
        std::u32string word;
        bool plain = true;
        double odds = 0;
        for (; i < text.size() && isOfWord(text[i]) && isEastAsian(text[i]) == eastAsian; ++i) {
            const char32_t letter = text[i];
            word += usualWidth(letter);
            plain = plain && word.back() < 0x80;
            if (isHalfKana(letter))
                odds -= i == begin || !isHalfKana(text[i - 1]) ? 5.5 : 1.5;
            else if (usualWidth(letter) != letter)
                odds -= 1;
        }
        // A letter beside a number or beside one of another writing system.
        const char32_t next = at(i);
        if (!plain && !eastAsian &&
            ((isDigit(previous) && text[begin] >= 0x80) || (isDigit(next) && text[i - 1] >= 0x80)))
            odds -= 3;
        const bool latinBefore = eastAsian && isOfWord(previous) && !isEastAsian(previous);
        const bool latinAfter = eastAsian && isOfWord(next) && !isEastAsian(next);
        odds -= 4 * (latinBefore ? 1 : 0) + 4 * (latinAfter ? 1 : 0);
        // One such character amid Latin letters is hardly ever one.
        if (latinBefore && latinAfter && word.size() == 1)
            odds -= 6;
        if (plain) {
            const auto place = static_cast<size_t>(plainWord(std::string(word.begin(), word.end())));
            odds += mixture.take(m_plain[place], m_latin);
        } else {
            const auto [found, isNew] = known.try_emplace(word);
            if (isNew)
                found->second = oddsOf(word, languages);
            odds += mixture.take(found->second, languages);
            special.odds += odds;
            special.letters += static_cast<double>(word.size() * (eastAsian ? 2 : 1) + 1);
            special.ofScript += isLatin(word) ? 0 : static_cast<int>(word.size());
        }
        special.all += odds;
    }
}

EncodingReading SampleReader::read(const EncodingCandidate &candidate, size_t mostPieces)
{
    EncodingReading reading;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(candidate.encoding, &status),
                                                                       &ucnv_close);
    if (U_FAILURE(status)) {
        reading.odds = -1e9;
        return reading;
    }
    const auto &listed = candidate.languages;
    std::vector<int> languages;
    bool latin = listed.empty();
    const auto &models = letterModels();
    for (size_t i = 0; i < models.size(); ++i) {
        if (!listed.empty() && std::find(listed.begin(), listed.end(), models[i].language()) == listed.end())
            continue;
        languages.push_back(static_cast<int>(i));
        latin = latin || (models[i].isLatin() && models[i].language() == listed.front());
    }
    markBrokenCharacters(converter.get());
    reading.odds = candidate.prior;
    Languages mixture;
    Special special;
    const bool composes = std::string_view(candidate.encoding) == "windows-1258";
    double plain = 0, plainLetters = 0;
    for (const Piece &piece : m_pieces) {
        if (piece.plainWord >= 0) {
            plain += mixture.take(m_plain[static_cast<size_t>(piece.plainWord)], m_latin);
            plainLetters += static_cast<double>(piece.end - piece.begin + 1);
            continue;
        }
        if (mostPieces-- == 0)
            break;
        icu::UnicodeString text =
            decoded(std::string_view(m_sample).substr(piece.begin, piece.end - piece.begin), converter.get());
        if (composes) {
            UErrorCode ignored = U_ZERO_ERROR;
            if (const icu::Normalizer2 *nfc = icu::Normalizer2::getNFCInstance(ignored))
                text = nfc->normalize(text, ignored);
        }
        const std::u32string points = codePoints(text);
        const auto neighbour = [&](size_t i) {
            return i < m_sample.size() ? static_cast<char32_t>(static_cast<unsigned char>(m_sample[i])) : 0;
        };
        const double before = special.all;
        readPiece(points, piece.begin > 0 ? neighbour(piece.begin - 1) : 0, neighbour(piece.end), languages, mixture,
                  special);
        reading.pieces.push_back({points, special.all - before});
    }
    // Who writes in another script writes more than a letter or two in it.
    if (!latin && special.ofScript < 4)
        reading.odds -= std::min(6, 8 - 2 * special.ofScript);
    reading.plainPerLetter = plainLetters > 0 ? plain / plainLetters : 0;
    reading.perLetter = special.letters > 0 ? special.odds / special.letters : 0;
    return reading;
}

}  // namespace core
