// SPDX-License-Identifier: Apache-2.0
// Which legacy encoding bytes are in, when nothing in them says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

struct EncodingGuess {
    std::string encoding;       ///< as people write it, e.g. "windows-1252"; ICU knows it by this name
    double odds = 0;            ///< natural logarithm; by the difference of two, one is so much likelier than the other
    double perLetter = 0;       ///< of the special characters and the words with them; below about -6 it is no text
    double plainPerLetter = 0;  ///< of the words without any; 0 where there are none
};

/// Encodings that the bytes may be in, likeliest first, each giving another text. Looks at up to 64 KB, chosen so that
/// the special characters of the whole file are among them (sampleOf). Each is judged by how likely people write what
/// it gives: the letters of words by models of some 50 languages (LetterModel), the other signs by their neighbours
/// (signOdds), and by how often each encoding is met.
[[nodiscard]] std::vector<EncodingGuess> guessEncodings(std::string_view bytes);

}  // namespace core
