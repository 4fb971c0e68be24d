// SPDX-License-Identifier: Apache-2.0
// How far two agree beyond what chance would give.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace engine {

/// Cohen's kappa (1960) of counts [true][predicted]: 1 for full agreement, 0 for that of chance. Nothing without rows,
/// or where all of them are of one class on both sides.
[[nodiscard]] inline std::optional<double> cohenKappa(const std::vector<std::vector<int64_t>> &confusion)
{
    double all = 0, same = 0, chance = 0;
    std::vector<double> columns(confusion.size()), rows(confusion.size());
    for (size_t i = 0; i < confusion.size(); ++i) {
        for (size_t j = 0; j < confusion[i].size(); ++j) {
            const auto count = static_cast<double>(confusion[i][j]);
            all += count;
            rows[i] += count;
            columns[j] += count;
            same += i == j ? count : 0;
        }
    }
    for (size_t i = 0; i < rows.size(); ++i)
        chance += rows[i] * columns[i];
    if (all == 0 || chance == all * all)
        return std::nullopt;
    return (same / all - chance / (all * all)) / (1 - chance / (all * all));
}

}  // namespace engine
