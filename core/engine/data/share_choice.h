// SPDX-License-Identifier: Apache-2.0
// Which rows of many are kept back, for an exam or as held-out rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace engine {

/// Rows that stay on one side.
struct RowGroup {
    std::vector<size_t> rows{};
    std::vector<std::pair<size_t, double>> classes{};  ///< class, and how many of its rows that may be chosen
    double size = 0;                                   ///< rows that may be chosen; 0: none
    bool stays = false;                                ///< it is not chosen

    /// Counts a row of class `c` for so much.
    void add(size_t c, double count);
};

/// Chooses groups with about `share` (0 to 1) of the rows that may be chosen, true for those. Each class keeps a group
/// in the rest; each with two groups or more has a chosen row where the share is large enough for that, those of more
/// rows first. The classes are divided by iterative stratification (Sechidis, Tsoumakas, Vlahavas: On the
/// Stratification of Multi-Label Data, 2011), the rarest first; then groups that the classes can best spare move until
/// the number of rows is as near to the share as groups allow. Classes are 0 to `classes` - 1. Depends only on the
/// arguments.
[[nodiscard]] std::vector<bool> chooseShare(const std::vector<RowGroup> &groups, size_t classes, double share,
                                            uint64_t seed);

}  // namespace engine
