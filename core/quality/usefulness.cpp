// SPDX-License-Identifier: Apache-2.0
#include "core/quality/usefulness.h"

#include "core/engine/dot.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace core {

namespace {

/// Of so many of the least sure rows those that differ are taken.
constexpr size_t Pool = 400;

}  // namespace

std::vector<size_t> mostUseful(const engine::Matrix &probabilities, const engine::Matrix &features, size_t most)
{
    std::vector<float> unsure(probabilities.rows);
    for (size_t i = 0; i < unsure.size(); ++i) {
        float first = 0, second = 0;
        for (const float p : probabilities.row(i)) {
            if (p > first)
                second = std::exchange(first, p);
            else
                second = std::max(second, p);
        }
        unsure[i] = 1 - (first - second);
    }
    std::vector<size_t> order(unsure.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return unsure[a] > unsure[b]; });
    const size_t pool = std::min(order.size(), Pool);
    std::vector<float> nearest(pool, 0.0F);  // similarity to the most similar row that is chosen
    for (size_t done = 0; done < std::min(most, pool); ++done) {
        size_t best = done;
        const auto worth = [&](size_t place) { return unsure[order[place]] * (1 - std::max(0.0F, nearest[place])); };
        for (size_t place = done + 1; place < pool; ++place)
            best = worth(place) > worth(best) ? place : best;
        // The others keep their order.
        std::rotate(order.begin() + static_cast<std::ptrdiff_t>(done),
                    order.begin() + static_cast<std::ptrdiff_t>(best),
                    order.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        std::rotate(nearest.begin() + static_cast<std::ptrdiff_t>(done),
                    nearest.begin() + static_cast<std::ptrdiff_t>(best),
                    nearest.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        for (size_t place = done + 1; place < pool; ++place)
            nearest[place] =
                std::max(nearest[place], engine::cosine(features.row(order[done]), features.row(order[place])));
    }
    return order;
}

}  // namespace core
