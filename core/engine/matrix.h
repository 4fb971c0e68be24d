// SPDX-License-Identifier: Apache-2.0
// A plain row-major matrix: what crosses the border to the module of tensors.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace engine {

struct Matrix {
    size_t rows = 0;
    size_t columns = 0;
    std::vector<float> values;  ///< rows x columns, row-major

    Matrix() = default;
    Matrix(size_t rowCount, size_t columnCount) : rows(rowCount), columns(columnCount), values(rowCount * columnCount)
    {
    }

    [[nodiscard]] std::span<float> row(size_t i) { return {values.data() + i * columns, columns}; }
    [[nodiscard]] std::span<const float> row(size_t i) const { return {values.data() + i * columns, columns}; }
};

}  // namespace engine
