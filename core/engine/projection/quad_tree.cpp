// SPDX-License-Identifier: Apache-2.0
#include "core/engine/projection/quad_tree.h"

#include <algorithm>
#include <numeric>

namespace engine {

namespace {

/// Points closer than the width of all by 2^-40 count as one.
constexpr int Deepest = 40;

}  // namespace

QuadTree::QuadTree(std::span<const Point> points) : m_points(points), m_leafOf(points.size())
{
    if (points.empty())
        return;
    Point low = points[0], high = points[0];
    for (const Point &p : points) {
        for (size_t axis = 0; axis < 2; ++axis) {
            low[axis] = std::min(low[axis], p[axis]);
            high[axis] = std::max(high[axis], p[axis]);
        }
    }
    std::vector<size_t> members(points.size());
    std::iota(members.begin(), members.end(), size_t{0});
    m_squares.reserve(points.size() * 2);
    build(members, {(low[0] + high[0]) / 2, (low[1] + high[1]) / 2}, std::max(high[0] - low[0], high[1] - low[1]), 0);
}

size_t QuadTree::build(std::span<size_t> members, Point middle, double width, int depth)
{
    const size_t index = m_squares.size();
    Square square{.width = width, .count = static_cast<double>(members.size())};
    for (const size_t i : members) {
        square.centre[0] += m_points[i][0] / square.count;
        square.centre[1] += m_points[i][1] / square.count;
    }
    square.isLeaf = members.size() == 1 || depth == Deepest || width <= 0;
    m_squares.push_back(square);
    if (square.isLeaf) {
        for (const size_t i : members)
            m_leafOf[i] = index;
        return index;
    }
    const auto split = [&](std::span<size_t> some, size_t axis) {
        const auto right =
            std::partition(some.begin(), some.end(), [&](size_t i) { return m_points[i][axis] < middle[axis]; });
        return static_cast<size_t>(right - some.begin());
    };
    const size_t half = split(members, 0);
    size_t part = 0;
    for (const auto &side : {members.first(half), members.subspan(half)}) {
        const size_t quarter = split(side, 1);
        for (const auto &some : {side.first(quarter), side.subspan(quarter)}) {
            if (!some.empty()) {
                const Point inner{middle[0] + (part < 2 ? -width : width) / 4,
                                  middle[1] + (part % 2 == 0 ? -width : width) / 4};
                const size_t made = build(some, inner, width / 2, depth + 1);
                m_squares[index].parts[part] = static_cast<int32_t>(made);
            }
            ++part;
        }
    }
    return index;
}

QuadTree::Push QuadTree::pushOn(size_t point, double theta) const
{
    Push push;
    const Point &own = m_points[point];
    std::array<int32_t, 4 * (Deepest + 1)> open;  // every level adds three at most
    size_t waiting = 0;
    open[waiting++] = 0;
    while (waiting > 0) {
        const auto index = static_cast<size_t>(open[--waiting]);
        const Square &square = m_squares[index];
        const double dx = own[0] - square.centre[0], dy = own[1] - square.centre[1];
        const double distance = dx * dx + dy * dy;
        if (!square.isLeaf && square.width * square.width >= theta * theta * distance) {
            for (const int32_t part : square.parts) {
                if (part != 0)
                    open[waiting++] = part;
            }
            continue;
        }
        const double count = square.count - (square.isLeaf && m_leafOf[point] == index ? 1 : 0);
        const double q = 1 / (1 + distance);
        push.sum += count * q;
        push.force[0] += count * q * q * dx;
        push.force[1] += count * q * q * dy;
    }
    return push;
}

}  // namespace engine
