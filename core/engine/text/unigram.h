// SPDX-License-Identifier: Apache-2.0
// SentencePiece's unigram model: of all ways to split a word the likeliest.
#pragma once

#include "core/engine/text/subword_model.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engine {

struct UnigramConfig {
    std::vector<std::pair<std::string, double>> pieces;  ///< with their log-probabilities; the place is the id
    int32_t unknownId = 0;
    bool fallsBackToBytes = false;  ///< what is not known becomes <0x00> to <0xFF>
};

/// Kudo, Subword Regularization, 2018; the best path by Viterbi's algorithm, as Hugging Face's tokenizers.
class Unigram final : public SubwordModel {
public:
    explicit Unigram(const UnigramConfig &config);

    void encodeWord(std::span<const NormalizedChar> word, Encoding &out) const override;
    [[nodiscard]] int32_t largestId() const override { return static_cast<int32_t>(m_scores.size()) - 1; }

private:
    struct Edge {
        uint64_t key = 0;    ///< node and byte
        uint32_t node = 0;   ///< where it leads; 0: an empty slot
        int32_t piece = -1;  ///< that ends there; -1: none
    };
    struct Scratch;

    void insert(std::string_view piece, int32_t id);
    [[nodiscard]] const Edge *edgeOrNull(uint32_t node, char byte) const;
    Edge &edgeOrNew(uint32_t node, char byte);
    void addUnknown(std::string_view bytes, Offset origin, Encoding &out) const;

    std::vector<Edge> m_edges;  ///< a trie over bytes, by open addressing
    uint32_t m_nodes = 1;       ///< the first is the root
    std::vector<double> m_scores;
    double m_unknownScore = 0;
    int32_t m_unknownId = 0;
    std::optional<std::vector<int32_t>> m_byteIds;  ///< 256, where unknown characters become bytes
};

}  // namespace engine
