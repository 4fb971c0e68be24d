// SPDX-License-Identifier: Apache-2.0
// Some of many, from all over: a sorted list keeps all its parts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace base {

/// At most `most` places below `all`, ascending and evenly spread.
[[nodiscard]] inline std::vector<size_t> spreadPlaces(size_t all, size_t most)
{
    const size_t count = std::min(all, most);
    std::vector<size_t> places(count);
    for (size_t i = 0; i < count; ++i)
        places[i] = i * all / count;
    return places;
}

}  // namespace base
