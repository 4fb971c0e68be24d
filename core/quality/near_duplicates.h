// SPDX-License-Identifier: Apache-2.0
// Texts that are nearly the same, among many.
#pragma once

#include "core/base/error.h"
#include "core/base/progress.h"

#include <span>
#include <string>
#include <vector>

namespace core {

/// Share of the character 5-grams of either text that both have (Jaccard), capitals and repeated spaces ignored; a text
/// of fewer characters is one gram. 1: the same.
[[nodiscard]] double textSimilarity(const std::string &a, const std::string &b);

/// Groups of two or more texts by index, each ascending: every text is at least `least` similar to another one of its
/// group. Candidates come from MinHash signatures (Broder 1997) in bands (Leskovec, Rajaraman,
/// Ullman: Mining of Massive Datasets, 3.4), so that time grows with the number of texts, not with its square; each is
/// verified. Of pairs with a similarity of 0.8 about two in a thousand are missed, of closer ones fewer. Needs about
/// 120 bytes a text beside the texts. Stops with Cancelled.
[[nodiscard]] base::Result<std::vector<std::vector<size_t>>>
nearDuplicateGroups(std::span<const std::string> texts, double least, const base::WorkContext &context);

}  // namespace core
