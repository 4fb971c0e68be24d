// SPDX-License-Identifier: Apache-2.0
// Long texts in parts that fit an encoder.
#pragma once

#include "core/engine/text/tokenizer.h"

#include <string>
#include <vector>

namespace engine {

struct Chunk {
    std::string text;
    size_t first = 0;  ///< index of the paragraph in which it begins
};

/// Packs paragraphs into chunks of at most `maxTokens` tokens (special ones not counted, at least 1). A chunk ends
/// where a paragraph ends if the next one does not fit as a whole, else behind a sentence (Unicode Standard Annex 29);
/// only a sentence that is too long itself is cut, between words where it has any.
[[nodiscard]] std::vector<Chunk> chunksOf(const std::vector<std::string> &paragraphs, const Tokenizer &tokenizer,
                                          int maxTokens);

enum class Truncation { Head, HeadTail };

/// The first `maxTokens` tokens of a text, or its first quarter and its last three quarters of so many with " ... "
/// between, which keeps more of what long texts are about (Sun et al. 2019, How to fine-tune BERT, 5.3.1). A text that
/// fits comes back as it is.
[[nodiscard]] std::string truncated(const std::string &text, const Tokenizer &tokenizer, int maxTokens,
                                    Truncation truncation);

}  // namespace engine
