// SPDX-License-Identifier: Apache-2.0
// What a tokenizer makes of one word.
#pragma once

#include "core/engine/text/normalizer.h"

#include <span>

namespace engine {

/// Immutable; any thread.
class SubwordModel {
public:
    virtual ~SubwordModel() = default;
    /// Appends the word's tokens.
    virtual void encodeWord(std::span<const NormalizedChar> word, Encoding &out) const = 0;
    [[nodiscard]] virtual int32_t largestId() const = 0;
};

}  // namespace engine
