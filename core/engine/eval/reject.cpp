// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/reject.h"

#include <algorithm>
#include <vector>

namespace engine {

float fitRejectLogit(const Matrix &logits, std::span<const int> labels, double share)
{
    std::vector<float> ofRight, ofAll;
    for (size_t i = 0; i < logits.rows; ++i) {
        const auto row = logits.row(i);
        const auto largest = std::max_element(row.begin(), row.end());
        ofAll.push_back(*largest);
        if (largest - row.begin() == labels[i])
            ofRight.push_back(*largest);
    }
    auto &values = ofRight.empty() ? ofAll : ofRight;
    const auto place = std::min(values.size() - 1, static_cast<size_t>(share * static_cast<double>(values.size())));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
    return values[place];
}

Matrix withReject(const Matrix &logits, float rejectLogit)
{
    Matrix result(logits.rows, logits.columns + 1);
    for (size_t i = 0; i < logits.rows; ++i) {
        std::ranges::copy(logits.row(i), result.row(i).begin());
        result.row(i)[logits.columns] = rejectLogit;
    }
    return result;
}

}  // namespace engine
