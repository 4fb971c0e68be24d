// SPDX-License-Identifier: Apache-2.0
// The words by which two heaps of texts differ.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace core {

struct TellingWords {
    std::vector<std::string> ofFirst, ofSecond;  ///< the most telling first, in lower case; may be empty
};

/// At most `most` words a side that are in more texts of one side than chance would have it: log-odds ratio with an
/// informative Dirichlet prior, beyond 1.96 standard errors (Monroe, Colaresi, Quinn: Fightin' Words, 2008). A word
/// counts once a text; numbers, single letters and function words (text_language.h) do not count. Words as ICU finds
/// them, also where nothing is between them.
[[nodiscard]] TellingWords tellingWords(std::span<const std::string> first, std::span<const std::string> second,
                                        size_t most);

}  // namespace core
