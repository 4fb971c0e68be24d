// SPDX-License-Identifier: Apache-2.0
// SentencePiece's compiled table of replacements (`precompiled_charsmap`).
#pragma once

#include "core/engine/text/normalizer.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// A double-array trie (Aoe, 1989, in Darts' layout: units of 32 bits, little endian) from byte sequences to places in
/// a list of strings that end in NUL.
class Charsmap {
public:
    /// Corrupt where sizes do not fit.
    [[nodiscard]] static base::Result<Charsmap> parse(std::string bytes);

    /// As Hugging Face's `Precompiled`: a grapheme of at most five bytes is replaced as a whole where the table knows
    /// it or what it begins with, else each character for itself. Not as SentencePiece, which takes the longest match.
    void normalize(std::vector<NormalizedChar> &text) const;

private:
    /// What the shortest known beginning of `key` becomes.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const;

    std::vector<uint32_t> m_units;
    std::string m_strings;
};

}  // namespace engine
