// SPDX-License-Identifier: Apache-2.0
// Byte-pair encoding: joins the pair of neighbours that was learned first, until none is left.
#pragma once

#include "core/engine/text/subword_model.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace engine {

struct BytePairConfig {
    std::vector<std::pair<std::string, int32_t>> vocabulary;
    std::vector<std::pair<std::string, std::string>> merges;  ///< in the order in which they were learned
    bool ofBytes = false;          ///< pieces are bytes written as GPT-2's printable characters; else characters
    std::string continuingPrefix;  ///< of pieces that do not begin a word
    std::string wordSuffix;        ///< of pieces that end a word
    std::optional<int32_t> unknownId;
    bool fusesUnknown = false;      ///< neighbours that are not known become one token
    bool fallsBackToBytes = false;  ///< characters that are not known become <0x00> to <0xFF>
    bool ignoresMerges = false;     ///< a word that is in the vocabulary is taken whole
};

/// Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, 2016; over bytes: Radford et al.,
/// 2019.
class BytePair final : public SubwordModel {
public:
    /// Corrupt where a merge names or makes a piece that the vocabulary lacks.
    [[nodiscard]] static base::Result<std::shared_ptr<const BytePair>> build(const BytePairConfig &config);

    void encodeWord(std::span<const NormalizedChar> word, Encoding &out) const override;
    [[nodiscard]] int32_t largestId() const override { return m_largestId; }

private:
    struct Merge {
        uint64_t pair = 0;  ///< ids of the two
        int32_t rank = -1;  ///< -1: an empty slot
        int32_t id = 0;     ///< of what they make
    };
    struct Symbol {
        int32_t id = 0;
        Offset origin;
        int32_t previous = -1, next = -1;  ///< places; -1: none
        bool isGone = false;
    };
    struct Scratch;

    BytePair() = default;
    void addMerge(uint64_t pair, int32_t rank, int32_t id);
    [[nodiscard]] const Merge *mergeOf(int32_t left, int32_t right) const;
    [[nodiscard]] std::optional<int32_t> idOf(const std::string &piece) const;
    void addByteSymbols(std::span<const NormalizedChar> word, Scratch &scratch) const;
    void addCharSymbols(std::span<const NormalizedChar> word, Scratch &scratch) const;
    void join(Scratch &scratch) const;

    std::unordered_map<std::string, int32_t> m_ids;  ///< by piece; of bytes: the bytes themselves
    std::vector<Merge> m_merges;                     ///< open addressing
    int32_t m_byteIds[256] = {};                     ///< of single bytes, or of <0x00> to <0xFF>; -1: none
    std::string m_prefix, m_suffix;
    std::optional<int32_t> m_unknownId;
    bool m_ofBytes = false, m_fusesUnknown = false, m_fallsBackToBytes = false, m_ignoresMerges = false;
    int32_t m_largestId = -1;
};

}  // namespace engine
