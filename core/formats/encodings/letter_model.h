// SPDX-License-Identifier: Apache-2.0
// Which words are likely in a language, by the letters that follow one another in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace core {

/// How likely each letter is where nothing else is known of a language.
struct Alphabet {
    std::unordered_map<char32_t, float> letters;  ///< shares of those that it has
    int script = 0;                               ///< UScriptCode of most of them
    bool spaced = true;                           ///< whether spaces part its words
};

/// The small letter by which a letter is judged; Persian and Arabic ye are one, as legacy encodings have only one.
char32_t usualLetter(char32_t c);

/// The alphabet of a language ("de", "zh"; "zt": Chinese in traditional characters): its letters in the Unicode Common
/// Locale Data, and for Chinese, Japanese and Korean the levels of their national standards. "und": any Latin letter.
Alphabet alphabetOf(const std::string &language);

/// Three letters in a row of a language, learned from its frequent words. What was never seen is judged by two letters,
/// one letter and the alphabet (Witten and Bell's smoothing).
class LetterModel {
public:
    /// `words` are in small letters, the most frequent first: they count most.
    LetterModel(std::string language, std::string_view words);

    [[nodiscard]] const std::string &language() const { return m_language; }
    /// Whether it is written in Latin letters.
    [[nodiscard]] bool isLatin() const;
    /// Natural logarithm of the probability of a word in small letters, where it ends included.
    [[nodiscard]] double ofWord(std::u32string_view word) const;

private:
    /// What was seen: how likely the last letter is after the ones before, and how much is left for others after all.
    struct Entry {
        uint64_t key = 0;  ///< 0: none
        float odds = 0, left = 0;
    };
    using Counts = std::map<uint64_t, double>;

    static void put(std::vector<Entry> &table, uint64_t key, const Entry &entry);
    [[nodiscard]] static const Entry *find(const std::vector<Entry> &table, uint64_t key);
    [[nodiscard]] double oddsOf(char32_t before2, char32_t before, char32_t c) const;

    std::string m_language;
    Alphabet m_alphabet;
    std::vector<Entry> m_one, m_two, m_three;  ///< hash tables
    double m_leftOfOne = 0;
};

/// All that we have, Latin ones first; the last of these is "und", made of all of them.
const std::vector<LetterModel> &letterModels();

}  // namespace core
