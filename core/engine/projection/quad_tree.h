// SPDX-License-Identifier: Apache-2.0
// Points of the plane, summed up by squares, to push all away from all in n log n.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace engine {

using Point = std::array<double, 2>;

class QuadTree {
public:
    explicit QuadTree(std::span<const Point> points);

    struct Push {
        Point force{};   ///< sum over the other points of q^2 (own - other), q = 1 / (1 + distance^2)
        double sum = 0;  ///< sum of q
    };
    /// On one of the points, from all others. A square that looks smaller than `theta` (width by distance) counts as
    /// one point with the weight of all that it holds (Barnes, Hut 1986).
    [[nodiscard]] Push pushOn(size_t point, double theta) const;

private:
    struct Square {
        Point centre{};  ///< of mass
        double width = 0;
        double count = 0;
        std::array<int32_t, 4> parts{};  ///< 0: no such part
        bool isLeaf = false;             ///< one point, or several at one place
    };

    size_t build(std::span<size_t> members, Point middle, double width, int depth);

    std::span<const Point> m_points;
    std::vector<Square> m_squares;
    std::vector<size_t> m_leafOf;
};

}  // namespace engine
