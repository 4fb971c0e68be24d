// SPDX-License-Identifier: Apache-2.0
// What all tokenizers share: tokens cut out beforehand, special tokens around, and cutting to a length.
#pragma once

#include "core/engine/text/added_tokens.h"
#include "core/engine/text/tokenizer.h"

#include <algorithm>

namespace engine {

struct TokenFrame {
    std::vector<AddedToken> addedTokens;
    std::vector<int32_t> prefixIds;  ///< special tokens before the text
    std::vector<int32_t> suffixIds;  ///< special tokens behind it
    int32_t padId = 0;
};

class FramedTokenizer : public Tokenizer {
public:
    explicit FramedTokenizer(TokenFrame frame);

    [[nodiscard]] Encoding encode(std::string_view text, bool withSpecialTokens) const final;
    [[nodiscard]] std::vector<int32_t> encodeForInput(std::string_view text, int maxLength) const final;
    [[nodiscard]] int vocabularySize() const final { return m_vocabularySize; }
    [[nodiscard]] int padId() const final { return m_frame.padId; }

protected:
    /// Appends the tokens of a part without added tokens, that begins at a code point of the whole text.
    virtual void encodePiece(std::string_view text, int32_t firstCodePoint, Encoding &out) const = 0;

    /// Told of every id of the vocabulary.
    void countId(int32_t id) { m_vocabularySize = std::max(m_vocabularySize, id + 1); }

private:
    TokenFrame m_frame;
    AddedTokenMatcher m_added;
    int m_vocabularySize = 0;
};

}  // namespace engine
