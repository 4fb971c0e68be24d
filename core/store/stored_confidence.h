// SPDX-License-Identifier: Apache-2.0
// The confidence of a label as the data file holds it.
#pragma once

#include "core/store/database.h"

#include <charconv>
#include <cmath>

namespace core {

/// 0 to 1, or nothing where nobody said it or what is there is no such number. Programs before this one wrote some as
/// texts, with the decimal comma of their language.
[[nodiscard]] inline std::optional<double> confidenceIn(const Statement &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    double value = row.real(column);
    if (row.isText(column)) {
        std::string text = row.text(column);
        if (const size_t comma = text.find(','); comma != std::string::npos)
            text[comma] = '.';
        const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || rest != text.data() + text.size())
            return std::nullopt;
    }
    return std::isfinite(value) && value >= 0 && value <= 1 ? std::optional(value) : std::nullopt;
}

}  // namespace core
