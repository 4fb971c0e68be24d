// SPDX-License-Identifier: Apache-2.0
// What was meant by a word that is misspelt.
#pragma once

#include <string>
#include <vector>

namespace cli {

/// Letters left out, put in, exchanged or swapped with their neighbour (Damerau, 1964; the restricted form).
[[nodiscard]] size_t editDistance(const std::string &a, const std::string &b);

/// The name that is nearest to `word`, or begins with it; empty where none is near.
[[nodiscard]] std::string nearestName(const std::string &word, const std::vector<std::string> &names);

}  // namespace cli
