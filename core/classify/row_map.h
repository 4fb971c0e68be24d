// SPDX-License-Identifier: Apache-2.0
// The rows of a split as points of a plane: what is near each other says something similar.
#pragma once

#include "core/classify/quick_classifier.h"

#include <array>

namespace core {

enum class MapMethod {
    Neighbours,  ///< t-SNE: neighbours stay neighbours; distances between heaps say little
    Components   ///< principal components: distances are true, heaps overlap more
};

struct RowMap {
    std::vector<int64_t> ids;
    std::vector<std::array<float, 2>> places;  ///< of each, 0..1; the longer side of the map is 1
    int64_t rows = 0;                          ///< of the split, with a text: more than `ids` where they were too many
};

/// Rows at most, by method: time grows with their square for neighbours.
[[nodiscard]] constexpr size_t mostOnMap(MapMethod method)
{
    return method == MapMethod::Neighbours ? 5'000 : 20'000;
}

/// Of a larger split so many, from all over. Reads each text with the base weights, so some hundred rows a second; what
/// the reader knows costs nothing.
[[nodiscard]] base::Result<RowMap> drawRowMap(const Service &service, FeatureReader &reader, Split split,
                                              MapMethod method, const base::WorkContext &context);

}  // namespace core
