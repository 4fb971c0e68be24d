// SPDX-License-Identifier: Apache-2.0
// What a tokenizer makes of one word.
#pragma once

#include "core/engine/text/normalizer.h"

#include <span>
#include <string>

namespace engine {

/// The piece that stands for a byte where unknown characters become bytes: <0x00> to <0xFF>.
inline std::string byteName(unsigned byte)
{
    constexpr const char *Digits = "0123456789ABCDEF";
    return std::string("<0x") + Digits[byte >> 4 & 15U] + Digits[byte & 15U] + ">";
}

/// Immutable; any thread.
class SubwordModel {
public:
    virtual ~SubwordModel() = default;
    /// Appends the word's tokens.
    virtual void encodeWord(std::span<const NormalizedChar> word, Encoding &out) const = 0;
    [[nodiscard]] virtual int32_t largestId() const = 0;
};

}  // namespace engine
