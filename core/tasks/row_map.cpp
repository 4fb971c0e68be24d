// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/row_map.h"

#include "core/base/trimmed.h"
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
    RowMap map;
    std::vector<int64_t> all;
    auto read = service.examples().forEach({.split = split}, [&](const Example &row) {
        if (!base::trimmed(row.text).empty())
            all.push_back(row.id);
    });
    if (!read)
        return failure(read);
    map.rows = static_cast<int64_t>(all.size());
    const size_t count = std::min(all.size(), mostOnMap(method));
    for (size_t i = 0; i < count; ++i)
        map.ids.push_back(all[i * all.size() / count]);
    auto examples = service.examples().read(map.ids);
    if (!examples)
        return failure(examples);
    map.ids.clear();  // a row may have gone meanwhile
    std::vector<std::string> texts;
    for (Example &row : *examples) {
        map.ids.push_back(row.id);
        texts.push_back(std::move(row.text));
    }
    auto features = reader.read(texts, context);
    if (!features)
        return failure(features);
    if (method == MapMethod::Components) {
        map.places = normalised(engine::principalComponents(*features, 2));
        return map;
    }
    auto plane = engine::tsne(*features, {}, context);
    if (!plane)
        return failure(plane);
    map.places = normalised(*plane);
    return map;
}

}  // namespace core
