// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/known_features.h"

#include <algorithm>

namespace engine {

std::optional<Matrix> KnownFeatures::of(const std::vector<std::vector<int32_t>> &texts) const
{
    Matrix features;
    for (size_t i = 0; i < texts.size(); ++i) {
        const auto found = m_rows.find(texts[i]);
        if (found == m_rows.end())
            return {};
        if (features.rows == 0)
            features = Matrix(texts.size(), found->second.size());
        std::ranges::copy(found->second, features.row(i).begin());
    }
    return features;
}

void KnownFeatures::add(const std::vector<std::vector<int32_t>> &texts, const Matrix &features)
{
    for (size_t i = 0; i < texts.size(); ++i) {
        const auto row = features.row(i);
        m_rows.try_emplace(texts[i], row.begin(), row.end());
    }
}

}  // namespace engine
