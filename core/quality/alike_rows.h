// SPDX-License-Identifier: Apache-2.0
// Which rows stay on one side of every division, because one gives the other away.
#pragma once

#include "core/base/progress.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace core {

/// Texts of which so many of the character 5-grams are the same are nearly the same, see near_duplicates.h.
constexpr double AlikeSimilarity = 0.8;

/// Of each row the index of the first one that it is alike: rows that are equal but for capitals and spaces, nearly the
/// same, or of one family (`families`: one entry a row, or none; 0: of no family), and all that are alike one of those.
/// Some 2 s for 100,000 rows of 18 words. Stops with Cancelled.
[[nodiscard]] base::Result<std::vector<size_t>>
firstAlike(std::span<const std::string> texts, std::span<const int64_t> families, const base::WorkContext &context);

}  // namespace core
