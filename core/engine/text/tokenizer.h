// SPDX-License-Identifier: Apache-2.0
// What every tokenizer does: text to token ids.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace engine {

/// A half-open range of the text, in Unicode code points, as Hugging Face's tokenizers give it.
struct Offset {
    int32_t begin = 0;
    int32_t end = 0;
    bool operator==(const Offset &) const = default;
};

struct Encoding {
    std::vector<int32_t> ids;
    std::vector<Offset> offsets;  ///< one per id; {0, 0} for special tokens
};

/// Immutable after loading; every function may be called from any thread at once.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;

    /// All tokens of a text. Malformed UTF-8 is read as U+FFFD. The file's own truncation and padding are not used.
    [[nodiscard]] virtual Encoding encode(std::string_view text, bool withSpecialTokens) const = 0;

    /// Ids with special tokens, at most `maxLength` of them: text tokens are cut at the end, special tokens stay.
    [[nodiscard]] virtual std::vector<int32_t> encodeForInput(std::string_view text, int maxLength) const = 0;

    [[nodiscard]] virtual int vocabularySize() const = 0;
    [[nodiscard]] virtual int padId() const = 0;
};

}  // namespace engine
