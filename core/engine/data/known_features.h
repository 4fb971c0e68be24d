// SPDX-License-Identifier: Apache-2.0
// What base weights make of texts, read once for several trainings that begin with them.
#pragma once

#include "core/engine/matrix.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace engine {

/// Pooled vectors by the tokens of their texts, of one folder of weights read in one way. One thread at a time.
class KnownFeatures {
public:
    /// texts x hidden size; nothing where one of the texts is not known.
    [[nodiscard]] std::optional<Matrix> of(const std::vector<std::vector<int32_t>> &texts) const;
    /// `features`: a row each text.
    void add(const std::vector<std::vector<int32_t>> &texts, const Matrix &features);

private:
    std::map<std::vector<int32_t>, std::vector<float>> m_rows;
};

}  // namespace engine
