// SPDX-License-Identifier: Apache-2.0
// The inner product of two rows, and their angle.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace engine {

/// Of equal lengths. Sums in eight lanes, which the compiler keeps in vector registers; the order is always the same.
[[nodiscard]] inline float dot(std::span<const float> a, std::span<const float> b)
{
    constexpr size_t Lanes = 8;
    float lanes[Lanes] = {};
    size_t i = 0;
    for (; i + Lanes <= a.size(); i += Lanes) {
        for (size_t lane = 0; lane < Lanes; ++lane)
            lanes[lane] += a[i + lane] * b[i + lane];
    }
    float sum = 0;
    for (; i < a.size(); ++i)
        sum += a[i] * b[i];
    for (const float lane : lanes)
        sum += lane;
    return sum;
}

/// -1..1; 0 where one of them is all zeros.
[[nodiscard]] inline float cosine(std::span<const float> a, std::span<const float> b)
{
    const float lengths = std::sqrt(dot(a, a)) * std::sqrt(dot(b, b));
    return lengths > 0 ? dot(a, b) / lengths : 0;
}

}  // namespace engine
