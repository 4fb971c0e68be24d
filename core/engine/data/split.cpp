// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/split.h"

#include "core/base/random.h"
#include "core/engine/data/share_choice.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>

namespace engine {

namespace {

struct Grouped {
    std::vector<RowGroup> groups;  ///< by their first rows, so that group numbers do not matter
    size_t classes = 1;            ///< the last one: none of the classes
};

Grouped groupedRows(std::span<const int> labels, std::span<const int64_t> groups, const Combinations &combinations)
{
    Grouped grouped;
    for (const int label : labels) {
        if (combinations.empty())
            grouped.classes = std::max(grouped.classes, static_cast<size_t>(label) + 2);
        else if (const auto &own = combinations[static_cast<size_t>(label)]; !own.empty())
            grouped.classes = std::max(grouped.classes, static_cast<size_t>(own.back()) + 2);
    }
    std::unordered_map<int64_t, size_t> places;
    for (size_t row = 0; row < labels.size(); ++row) {
        const auto [place, isNew] = places.try_emplace(groups[row], grouped.groups.size());
        if (isNew)
            grouped.groups.emplace_back();
        RowGroup &group = grouped.groups[place->second];
        group.rows.push_back(row);
        group.size += 1;
        if (combinations.empty()) {
            group.add(static_cast<size_t>(labels[row]), 1);
            continue;
        }
        const auto &own = combinations[static_cast<size_t>(labels[row])];
        for (const int c : own)
            group.add(static_cast<size_t>(c), 1);
        if (own.empty())
            group.add(grouped.classes - 1, 1);
    }
    return grouped;
}

/// Which fold each group goes to.
class FoldChoice {
public:
    FoldChoice(const Grouped &grouped, int folds, uint64_t seed)
        : m_groups(grouped.groups), m_order(m_groups.size()), m_rows(static_cast<size_t>(folds)),
          m_classes(grouped.classes), m_folds(m_groups.size(), -1)
    {
        std::iota(m_order.begin(), m_order.end(), size_t{0});
        base::Random(seed).shuffle(m_order);
        // Large groups come first, while there is room in every fold.
        std::stable_sort(m_order.begin(), m_order.end(),
                         [&](size_t a, size_t b) { return m_groups[a].size > m_groups[b].size; });
        for (Class &own : m_classes)
            own.rows.resize(m_rows.size());
        for (const size_t g : m_order) {
            for (const auto &[c, count] : m_groups[g].classes) {
                m_classes[c].groups.push_back(g);
                m_classes[c].undecided += count;
            }
        }
    }

    /// The rarest class that is left comes first, since what is frequent can make up for it later.
    [[nodiscard]] std::vector<int> choose()
    {
        std::set<std::pair<double, size_t>> rarest;
        for (size_t c = 0; c < m_classes.size(); ++c) {
            if (m_classes[c].undecided > 0)
                rarest.emplace(m_classes[c].undecided, c);
        }
        while (!rarest.empty()) {
            const size_t c = rarest.begin()->second;
            for (const size_t g : m_classes[c].groups) {
                if (m_folds[g] >= 0)
                    continue;
                for (const auto &[own, count] : m_groups[g].classes)
                    rarest.erase({m_classes[own].undecided, own});
                put(g, c);
                for (const auto &[own, count] : m_groups[g].classes) {
                    if (m_classes[own].undecided > 0)
                        rarest.emplace(m_classes[own].undecided, own);
                }
            }
        }
        return std::move(m_folds);
    }

private:
    /// Into the fold with the fewest rows of class `c`; of equals with the fewest of its other classes, then of all.
    void put(size_t g, size_t c)
    {
        const auto room = [&](size_t f) {
            double others = 0;
            for (const auto &[own, count] : m_groups[g].classes)
                others += m_classes[own].rows[f];
            return std::tuple(m_classes[c].rows[f], others, m_rows[f]);
        };
        size_t best = 0;
        for (size_t f = 1; f < m_rows.size(); ++f)
            best = room(f) < room(best) ? f : best;
        m_folds[g] = static_cast<int>(best);
        m_rows[best] += m_groups[g].size;
        for (const auto &[own, count] : m_groups[g].classes) {
            m_classes[own].rows[best] += count;
            m_classes[own].undecided -= count;
        }
    }

    struct Class {
        std::vector<size_t> groups;
        std::vector<double> rows;  ///< of each fold
        double undecided = 0;      ///< rows
    };

    const std::vector<RowGroup> &m_groups;
    std::vector<size_t> m_order;
    std::vector<double> m_rows;  ///< of each fold
    std::vector<Class> m_classes;
    std::vector<int> m_folds;  ///< of each group
};

}  // namespace

HoldOut stratifiedHoldOut(std::span<const int> labels, std::span<const int64_t> groups, double fraction, uint64_t seed,
                          const Combinations &combinations)
{
    const Grouped grouped = groupedRows(labels, groups, combinations);
    const auto isHeldOut = chooseShare(grouped.groups, grouped.classes, fraction, seed);
    HoldOut result;
    for (size_t g = 0; g < grouped.groups.size(); ++g) {
        auto &part = isHeldOut[g] ? result.validation : result.train;
        part.insert(part.end(), grouped.groups[g].rows.begin(), grouped.groups[g].rows.end());
    }
    std::sort(result.train.begin(), result.train.end());
    std::sort(result.validation.begin(), result.validation.end());
    return result;
}

std::vector<int> stratifiedFolds(std::span<const int> labels, std::span<const int64_t> groups, int folds, uint64_t seed,
                                 const Combinations &combinations)
{
    const Grouped grouped = groupedRows(labels, groups, combinations);
    const auto folded = FoldChoice(grouped, folds, seed).choose();
    std::vector<int> result(labels.size(), 0);
    for (size_t g = 0; g < grouped.groups.size(); ++g) {
        for (const size_t row : grouped.groups[g].rows)
            result[row] = folded[g];
    }
    return result;
}

}  // namespace engine
