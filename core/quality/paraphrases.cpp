// SPDX-License-Identifier: Apache-2.0
#include "core/quality/paraphrases.h"

#include "core/engine/dot.h"

#include <cmath>

namespace core {

base::Result<std::vector<std::vector<size_t>>> paraphraseGroups(const engine::Matrix &features, double least,
                                                                const base::WorkContext &context)
{
    engine::Matrix unit = features;
    for (size_t i = 0; i < unit.rows; ++i) {
        const float length = std::sqrt(engine::dot(unit.row(i), unit.row(i)));
        for (float &v : unit.row(i))
            v = length > 0 ? v / length : 0;
    }
    const auto enough = static_cast<float>(least);
    const engine::Matrix &rows = unit;
    std::vector<std::vector<size_t>> groups;  // of one row at first
    for (size_t i = 0; i < rows.rows; ++i) {
        if (context.stopRequested())
            return base::cancelled();
        context.report({static_cast<int64_t>(i), static_cast<int64_t>(rows.rows), "Comparing"});
        bool found = false;
        for (size_t g = 0; g < groups.size() && !found; ++g) {
            found = engine::dot(rows.row(groups[g].front()), rows.row(i)) >= enough;
            if (found)
                groups[g].push_back(i);
        }
        if (!found)
            groups.push_back({i});
    }
    std::erase_if(groups, [](const auto &group) { return group.size() < 2; });
    return groups;
}

}  // namespace core
