// SPDX-License-Identifier: Apache-2.0
// Added tokens that are looked for after a text has been normalised.
#pragma once

#include "core/engine/text/added_tokens.h"
#include "core/engine/text/normalizer.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace engine {

/// Finds the added tokens with `"normalized": true`. What is looked for in normalised text is normalised itself, as
/// Hugging Face's tokenizers do it: of "[NEW]" a tokenizer that lower-cases finds "[new]". Usable from any thread.
class NormalizedTokens {
public:
    using Normalize = std::function<std::vector<NormalizedChar>(std::string_view)>;

    NormalizedTokens(std::vector<AddedToken> tokens, const Normalize &normalize);

    [[nodiscard]] bool isEmpty() const { return m_isEmpty; }

    /// Calls `piece(chars)` and `token(id, offset)` in order for the parts of `text`.
    void split(std::span<const NormalizedChar> text, const std::function<void(std::span<const NormalizedChar>)> &piece,
               const std::function<void(int32_t, Offset)> &token) const;

private:
    AddedTokenMatcher m_matcher;
    bool m_isEmpty;
};

}  // namespace engine
