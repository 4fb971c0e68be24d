// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/share_choice.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <queue>
#include <set>

namespace engine {

namespace {

struct ClassState {
    std::vector<size_t> groups;
    double rows = 0;       ///< that may move
    double wanted = 0;     ///< rows
    double chosen = 0;     ///< rows
    double undecided = 0;  ///< rows
    size_t rest = 0;       ///< groups that are not chosen
};

class ShareChoice {
public:
    ShareChoice(const std::vector<RowGroup> &groups, size_t classes, double share, uint64_t seed)
        : m_groups(groups), m_chosen(groups.size()), m_isDecided(groups.size()), m_classes(classes)
    {
        std::vector<size_t> order(m_groups.size());
        std::iota(order.begin(), order.end(), size_t{0});
        base::Random(seed).shuffle(order);
        // Large groups come first, while there is much to be divided.
        std::stable_sort(order.begin(), order.end(),
                         [&](size_t a, size_t b) { return m_groups[a].size > m_groups[b].size; });
        double rows = 0;
        for (const size_t g : order) {
            rows += m_groups[g].size;
            for (const auto &[c, count] : m_groups[g].classes) {
                m_classes[c].groups.push_back(g);
                m_classes[c].rows += count;
                ++m_classes[c].rest;
            }
        }
        m_order = std::move(order);
        m_target = share * rows;
        for (ClassState &own : m_classes) {
            own.wanted = share * own.rows;
            own.undecided = own.rows;
        }
    }

    [[nodiscard]] std::vector<bool> choose()
    {
        coverClasses();
        stratify();
        moveTowardsTarget(true);
        m_keepsCovered = true;
        moveTowardsTarget(false);
        m_keepsCovered = false;
        moveTowardsTarget(false);
        return std::move(m_chosen);
    }

private:
    /// Whether so many rows more (or, negative, fewer) bring what is chosen nearer to its share.
    [[nodiscard]] bool isNearer(double rows) const
    {
        return std::abs(m_total + rows - m_target) < std::abs(m_total - m_target);
    }
    /// Whether each of its classes keeps another group in the rest.
    [[nodiscard]] bool canMove(const RowGroup &group) const
    {
        return !group.stays && group.size > 0 &&
               std::all_of(group.classes.begin(), group.classes.end(),
                           [&](const auto &own) { return m_classes[own.first].rest > 1; });
    }
    /// Whether each of its classes keeps a chosen row, where that is asked.
    [[nodiscard]] bool canReturn(const RowGroup &group) const
    {
        return !m_keepsCovered || std::all_of(group.classes.begin(), group.classes.end(), [&](const auto &own) {
            return m_classes[own.first].chosen > own.second;
        });
    }
    void decide(size_t g)
    {
        if (m_isDecided[g])
            return;
        m_isDecided[g] = true;
        for (const auto &[c, count] : m_groups[g].classes)
            m_classes[c].undecided -= count;
    }
    void move(size_t g, bool isChosen)
    {
        const RowGroup &group = m_groups[g];
        m_chosen[g] = isChosen;
        m_total += isChosen ? group.size : -group.size;
        for (const auto &[c, count] : group.classes) {
            m_classes[c].chosen += isChosen ? count : -count;
            m_classes[c].rest += isChosen ? size_t(-1) : 1;
        }
    }

    /// A row of each class, those that want most rows first.
    void coverClasses()
    {
        std::vector<size_t> order(m_classes.size());
        std::iota(order.begin(), order.end(), size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](size_t a, size_t b) { return m_classes[a].wanted > m_classes[b].wanted; });
        for (const size_t c : order) {
            if (m_classes[c].chosen > 0)
                continue;
            std::optional<size_t> best;
            double bestSize = 0;
            int64_t bestNew = 0;
            for (const size_t g : m_classes[c].groups) {
                const RowGroup &group = m_groups[g];
                if (!canMove(group) || !isNearer(group.size) || (best && group.size > bestSize))
                    continue;
                const auto isNew = std::count_if(group.classes.begin(), group.classes.end(),
                                                 [&](const auto &own) { return m_classes[own.first].chosen <= 0; });
                if (!best || group.size < bestSize || isNew > bestNew) {
                    best = g;
                    bestSize = group.size;
                    bestNew = isNew;
                }
            }
            if (best) {
                decide(*best);
                move(*best, true);
            }
        }
    }

    /// Each group goes where the rarest of its classes that is left lacks most of its rows.
    void stratify()
    {
        std::set<std::pair<double, size_t>> rarest;
        for (size_t c = 0; c < m_classes.size(); ++c) {
            if (m_classes[c].undecided > 0)
                rarest.emplace(m_classes[c].undecided, c);
        }
        while (!rarest.empty()) {
            const size_t c = rarest.begin()->second;
            for (const size_t g : m_classes[c].groups) {
                const RowGroup &group = m_groups[g];
                if (m_isDecided[g])
                    continue;
                for (const auto &[own, count] : group.classes)
                    rarest.erase({m_classes[own].undecided, own});
                const bool isChosen = belongs(m_classes[c], group, countOf(group, c));
                decide(g);
                if (isChosen)
                    move(g, true);
                for (const auto &[own, count] : group.classes) {
                    if (m_classes[own].undecided > 0)
                        rarest.emplace(m_classes[own].undecided, own);
                }
            }
        }
    }
    [[nodiscard]] static double countOf(const RowGroup &group, size_t c)
    {
        const auto own =
            std::find_if(group.classes.begin(), group.classes.end(), [&](const auto &of) { return of.first == c; });
        return own->second;
    }
    [[nodiscard]] bool belongs(const ClassState &own, const RowGroup &group, double count) const
    {
        const double lacksChosen = own.wanted - own.chosen;
        const double lacksRest = own.undecided - lacksChosen;
        const bool lacksMore = lacksChosen > lacksRest || (lacksChosen == lacksRest && isNearer(group.size));
        return lacksMore && count < 2 * lacksChosen && canMove(group);
    }

    /// How much nearer the group's classes come to what they want.
    [[nodiscard]] double gain(const RowGroup &group, double sign) const
    {
        double sum = 0;
        for (const auto &[c, count] : group.classes) {
            const ClassState &own = m_classes[c];
            const double lacks = own.wanted - own.chosen;
            sum += (std::abs(lacks) - std::abs(lacks - sign * count)) / own.rows;
        }
        return sum;
    }
    /// Moves what the classes gain most by. A gain only falls while others move the same way, so that one that is out
    /// of date is an upper bound (Minoux 1978).
    void moveTowardsTarget(bool choosing)
    {
        const double sign = choosing ? 1 : -1;
        struct Offer {
            double gain;
            size_t place, group;
            bool operator<(const Offer &other) const
            {
                return std::pair(gain, other.place) < std::pair(other.gain, place);
            }
        };
        std::priority_queue<Offer> offers;
        const auto isOpen = [&](size_t g) {
            const RowGroup &group = m_groups[g];
            return m_chosen[g] != choosing && isNearer(sign * group.size) &&
                   (choosing ? canMove(group) : canReturn(group));
        };
        for (size_t i = 0; i < m_order.size(); ++i) {
            if (isOpen(m_order[i]))
                offers.push({gain(m_groups[m_order[i]], sign), i, m_order[i]});
        }
        while (!offers.empty()) {
            Offer offer = offers.top();
            offers.pop();
            if (!isOpen(offer.group))
                continue;  // and it will not be again
            const double now = gain(m_groups[offer.group], sign);
            if (now < offer.gain) {
                offer.gain = now;
                offers.push(offer);
            } else {
                move(offer.group, choosing);
            }
        }
    }

    const std::vector<RowGroup> &m_groups;
    std::vector<bool> m_chosen, m_isDecided;  ///< of the groups
    std::vector<ClassState> m_classes;
    std::vector<size_t> m_order;       ///< of the groups
    double m_target = 0, m_total = 0;  ///< chosen rows
    bool m_keepsCovered = false;
};

}  // namespace

void RowGroup::add(size_t c, double count)
{
    const auto known = std::find_if(classes.begin(), classes.end(), [c](const auto &own) { return own.first == c; });
    if (known == classes.end())
        classes.emplace_back(c, count);
    else
        known->second += count;
}

std::vector<bool> chooseShare(const std::vector<RowGroup> &groups, size_t classes, double share, uint64_t seed)
{
    const double wanted = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
    return ShareChoice(groups, classes, wanted, seed).choose();
}

}  // namespace engine
