// SPDX-License-Identifier: Apache-2.0
// How likely a text is as something that people wrote, read in one encoding and in another.
#pragma once

#include "core/formats/encodings/letter_model.h"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace core {

/// An encoding, the languages that people wrote in it, and how likely it is before anything is read.
struct EncodingCandidate {
    const char *encoding;                 ///< as people write it; ICU knows it by this name
    double prior;                         ///< natural logarithm
    std::vector<const char *> languages;  ///< empty: any
};

/// What lies between two spaces or the like, read in one encoding, and the logarithm of how likely it is.
struct ReadPiece {
    std::u32string text;
    double odds = 0;
};

/// A sample read in one encoding.
struct EncodingReading {
    std::vector<ReadPiece> pieces;  ///< those with bytes above 127
    double odds = 0;                ///< of the encoding, and of signs of its being the wrong one
    double perLetter = 0;           ///< the odds of special characters and their words, by their letters
    double plainPerLetter = 0;      ///< the same of words without special characters
};

/// Reads a sample in one encoding after the other. The likelihood of a text is that of its words, each in one of the
/// languages of the encoding, and of its signs. Which languages a text is in is learned on the way: words without
/// special characters speak for theirs, so that in a German text a German reading of the others is likelier.
class SampleReader {
public:
    explicit SampleReader(std::string sample);

    /// How many words and the like have bytes above 127.
    [[nodiscard]] size_t pieces() const { return m_special; }
    /// Looks at the first `mostPieces` words and the like with bytes above 127.
    [[nodiscard]] EncodingReading read(const EncodingCandidate &candidate, size_t mostPieces);

private:
    /// What lies between bytes below FirstTrail.
    struct Piece {
        size_t begin, end;
        int plainWord;  ///< its place in m_plain; -1: it has bytes above 127; -2: no word
    };
    /// How likely a word is in each of some languages: shares of the likeliest, and the logarithm of that.
    struct WordOdds {
        double best = 0;
        std::vector<float> shares;
    };
    class Languages;
    struct Special;

    int plainWord(std::string_view word);
    WordOdds oddsOf(std::u32string_view word, const std::vector<int> &languages) const;
    void readPiece(std::u32string_view text, char32_t before, char32_t after, const std::vector<int> &languages,
                   Languages &mixture, Special &special);

    size_t m_special = 0;
    std::string m_sample;
    std::vector<Piece> m_pieces;
    std::vector<int> m_latin;  ///< the models of languages in Latin letters
    std::unordered_map<std::string, int> m_plainPlaces;
    std::vector<WordOdds> m_plain;
    std::map<std::vector<int>, std::unordered_map<std::u32string, WordOdds>> m_known;  ///< by languages
};

}  // namespace core
