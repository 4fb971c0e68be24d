// SPDX-License-Identifier: Apache-2.0
// Which of many belong together.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace core {

/// Disjoint sets of 0 to size - 1, fewer than 2^32, each known by its first member.
class DisjointSets {
public:
    explicit DisjointSets(size_t size) : m_parent(size) { std::iota(m_parent.begin(), m_parent.end(), 0U); }

    [[nodiscard]] size_t firstOf(size_t i)
    {
        while (m_parent[i] != i) {
            m_parent[i] = m_parent[m_parent[i]];
            i = m_parent[i];
        }
        return i;
    }

    void join(size_t a, size_t b)
    {
        const size_t first = std::min(firstOf(a), firstOf(b)), second = std::max(firstOf(a), firstOf(b));
        m_parent[second] = static_cast<uint32_t>(first);
    }

private:
    std::vector<uint32_t> m_parent;
};

}  // namespace core
