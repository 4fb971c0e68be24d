// SPDX-License-Identifier: Apache-2.0
#include "core/classify/row_map.h"

#include "core/engine/projection/principal_components.h"
#include "core/engine/projection/tsne.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

namespace {

std::vector<std::array<float, 2>> normalised(const engine::Matrix &map)
{
    std::array<float, 2> low{}, high{};
    for (size_t axis = 0; axis < map.columns; ++axis) {
        low[axis] = high[axis] = map.rows > 0 ? map.row(0)[axis] : 0;
        for (size_t i = 0; i < map.rows; ++i) {
            low[axis] = std::min(low[axis], map.row(i)[axis]);
            high[axis] = std::max(high[axis], map.row(i)[axis]);
        }
    }
    const float side = std::max(high[0] - low[0], high[1] - low[1]);
    std::vector<std::array<float, 2>> places(map.rows, {0.5F, 0.5F});
    for (size_t i = 0; i < map.rows; ++i) {
        for (size_t axis = 0; axis < map.columns && side > 0; ++axis)
            places[i][axis] = 0.5F + (map.row(i)[axis] - (low[axis] + high[axis]) / 2) / side;
    }
    return places;
}

}  // namespace

Result<RowMap> drawRowMap(const Service &service, FeatureReader &reader, Split split, MapMethod method,
                          const base::WorkContext &context)
{
    auto rows = TRY(readSpread(service, split, mostOnMap(method)));
    RowMap map{.ids = std::move(rows.ids), .places = {}, .rows = rows.all};
    auto features = TRY(reader.read(rows.texts, context));
    if (method == MapMethod::Components) {
        map.places = normalised(engine::principalComponents(features, 2));
        return map;
    }
    auto plane = TRY(engine::tsne(features, {}, context));
    map.places = normalised(plane);
    return map;
}

}  // namespace core
