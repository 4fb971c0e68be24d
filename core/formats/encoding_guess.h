// SPDX-License-Identifier: Apache-2.0
// Which legacy encoding bytes are in, when nothing in them says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core {

struct EncodingGuess {
    std::string encoding;   ///< as people write it, e.g. "windows-1252"; ICU knows it by this name
    double likelihood = 0;  ///< comparable among the guesses of one text; 1: letters of one language and nothing odd
};

/// Encodings in which the bytes are text, likeliest first, each giving another text. Looks at the first 64 KB.
/// Which letters a language has comes from the Unicode Common Locale Data (exemplar characters); East Asian ones are
/// told apart by their statistics (uchardet).
[[nodiscard]] std::vector<EncodingGuess> guessEncodings(std::string_view bytes);

}  // namespace core
