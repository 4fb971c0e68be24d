// SPDX-License-Identifier: Apache-2.0
// BERT's text clean-up: control characters, CJK spacing, accents, case.
#pragma once

#include "core/engine/text/tokenizer.h"

#include <string>

namespace engine {

/// The `BertNormalizer` entry of a tokenizer.json.
struct BertNormalizerConfig {
    bool cleanText = true;
    bool handleChineseChars = true;
    bool stripAccents = true;  ///< null in the file means: as lowercase
    bool lowercase = true;
};

/// One code point of normalised text and the range of original code points it came from.
struct NormalizedChar {
    char32_t c = 0;
    Offset origin;
};

/// Appends the normalised form of `text` to `out`. `firstCodePoint` is where `text` starts in the whole input.
/// Character classes follow the tables of Hugging Face's tokenizers (older than today's Unicode), because the
/// ids must be the same as there.
void normalizeBert(const BertNormalizerConfig &config, std::string_view text, int32_t firstCodePoint,
                   std::vector<NormalizedChar> &out);

/// Lower case of each character for itself, from a place on.
void lowercaseFrom(std::vector<NormalizedChar> &out, size_t first);

/// White_Space property, as Rust's char::is_whitespace.
[[nodiscard]] bool isWhitespace(char32_t c);

/// ASCII punctuation or general category P*, as BertPreTokenizer splits it.
[[nodiscard]] bool isBertPunctuation(char32_t c);

}  // namespace engine
