// SPDX-License-Identifier: Apache-2.0
// WordPiece as BERT uses it: normalise, split into words, match the longest pieces.
#pragma once

#include "core/engine/text/framed_tokenizer.h"
#include "core/engine/text/normalized_tokens.h"

#include <string>
#include <utility>

namespace engine {

struct WordPieceConfig {
    std::vector<std::pair<std::string, int32_t>> vocabulary;
    BertNormalizerConfig normalizer;
    std::string continuingPrefix = "##";
    int32_t unknownId = 0;
    int maxCharsPerWord = 100;                 ///< longer words become the unknown token
    std::vector<AddedToken> normalizedTokens;  ///< added tokens that are looked for in normalised text
};

/// Greedy longest-match-first WordPiece (Wu et al., Google's NMT system, 2016).
class WordPieceTokenizer final : public FramedTokenizer {
public:
    WordPieceTokenizer(WordPieceConfig config, TokenFrame frame);

protected:
    void encodePiece(std::string_view text, int32_t firstCodePoint, Encoding &out) const override;

private:
    /// Open addressing from piece to id. Keyed by a running hash, so that the hashes of all prefixes of a word
    /// come from one pass over it.
    class PieceTable {
    public:
        void reserve(size_t count);
        void insert(std::string_view piece, int32_t id);
        [[nodiscard]] int32_t find(std::string_view piece, uint64_t hash) const;  ///< -1 when absent
        [[nodiscard]] size_t longest() const { return m_longest; }

    private:
        struct Slot {
            uint64_t hash = 0;
            uint32_t start = 0;
            uint32_t length = 0;
            int32_t id = -1;
        };
        std::vector<Slot> m_slots;
        std::string m_bytes;
        size_t m_longest = 0;
    };

    struct Scratch;
    void encodeWords(std::span<const NormalizedChar> chars, Scratch &scratch, Encoding &out) const;
    void encodeWord(const NormalizedChar *begin, const NormalizedChar *end, Scratch &scratch, Encoding &out) const;

    WordPieceConfig m_config;
    NormalizedTokens m_normalizedTokens;
    PieceTable m_initial;    ///< pieces that start a word
    PieceTable m_continued;  ///< pieces that go on, without their prefix
};

}  // namespace engine
