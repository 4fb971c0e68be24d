// SPDX-License-Identifier: Apache-2.0
// Regular expressions over characters that know where they came from.
#pragma once

#include "core/engine/text/normalizer.h"

#include <memory>
#include <span>
#include <string>
#include <unicode/uregex.h>
#include <utility>
#include <vector>

namespace engine {

/// A compiled pattern (ICU's syntax). Copies share it; any thread.
class CharPattern {
public:
    /// Unsupported where ICU cannot read it.
    [[nodiscard]] static base::Result<CharPattern> compile(const std::string &pattern);

    /// Half-open ranges of `text` that match, in order.
    [[nodiscard]] std::vector<std::pair<size_t, size_t>> matches(std::span<const NormalizedChar> text) const;

private:
    explicit CharPattern(URegularExpression *pattern) : m_pattern(pattern, uregex_close) { }

    std::shared_ptr<URegularExpression> m_pattern;
};

}  // namespace engine
