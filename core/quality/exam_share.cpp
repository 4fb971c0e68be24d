// SPDX-License-Identifier: Apache-2.0
#include "core/quality/exam_share.h"

#include "core/base/random.h"
#include "core/quality/near_duplicates.h"
#include "core/quality/text_fold.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <queue>
#include <set>
#include <unordered_map>

using base::Result;

namespace core {

namespace {

using May = ExamCandidate::May;

/// Rows that stay on one side.
struct Group {
    std::vector<size_t> rows;
    std::vector<std::pair<size_t, double>> classes;  ///< class and how many of its rows
    double size = 0;                                 ///< rows that may move
    bool stays = false;
    bool inExam = false;
    bool isDecided = false;
};

struct ClassState {
    std::vector<size_t> groups;
    double rows = 0;         ///< that may move
    double wanted = 0;       ///< rows of the exam
    double inExam = 0;       ///< rows
    double undecided = 0;    ///< rows
    size_t learnedFrom = 0;  ///< groups that are not in the exam
};

/// Numbers of rows that are equal but for capitals and spaces, and of those nearly the same, each by its first row.
Result<std::vector<size_t>> groupNumbers(std::span<const std::string> texts, const base::WorkContext &context)
{
    std::vector<size_t> first(texts.size());
    std::vector<std::string> unlike;  // each once
    std::vector<size_t> rowOfUnlike;  // its first row
    std::unordered_map<std::string, size_t> known;
    for (size_t i = 0; i < texts.size(); ++i) {
        const auto [found, isNew] = known.try_emplace(folded(texts[i]), i);
        first[i] = found->second;
        if (isNew) {
            unlike.push_back(texts[i]);
            rowOfUnlike.push_back(i);
        }
    }
    known.clear();
    auto near = nearDuplicateGroups(unlike, ExamSimilarity, context);
    if (!near)
        return base::failure(near);
    for (const auto &group : *near) {
        for (const size_t other : group)
            first[rowOfUnlike[other]] = rowOfUnlike[group.front()];
    }
    for (size_t i = 0; i < first.size(); ++i)
        first[i] = first[first[i]];
    return first;
}

class ExamChoice {
public:
    ExamChoice(std::vector<Group> groups, size_t classes, double share, uint64_t seed)
        : m_groups(std::move(groups)), m_classes(classes), m_share(share)
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
                ++m_classes[c].learnedFrom;
            }
        }
        m_order = std::move(order);
        m_target = m_share * rows;
        for (ClassState &own : m_classes) {
            own.wanted = m_share * own.rows;
            own.undecided = own.rows;
        }
    }

    [[nodiscard]] const std::vector<Group> &choose()
    {
        coverClasses();
        stratify();
        moveTowardsTarget(true);
        m_keepsCovered = true;
        moveTowardsTarget(false);
        m_keepsCovered = false;
        moveTowardsTarget(false);
        return m_groups;
    }

private:
    /// Whether so many rows more (or, negative, fewer) bring the exam nearer to its share.
    [[nodiscard]] bool isNearer(double rows) const
    {
        return std::abs(m_total + rows - m_target) < std::abs(m_total - m_target);
    }
    /// Whether each of its classes keeps another group to learn from.
    [[nodiscard]] bool canMove(const Group &group) const
    {
        return !group.stays && group.size > 0 &&
               std::all_of(group.classes.begin(), group.classes.end(),
                           [&](const auto &own) { return m_classes[own.first].learnedFrom > 1; });
    }
    /// Whether each of its classes keeps a row in the exam, where that is asked.
    [[nodiscard]] bool canReturn(const Group &group) const
    {
        return !m_keepsCovered || std::all_of(group.classes.begin(), group.classes.end(), [&](const auto &own) {
            return m_classes[own.first].inExam > own.second;
        });
    }
    void decide(size_t g)
    {
        Group &group = m_groups[g];
        if (std::exchange(group.isDecided, true))
            return;
        for (const auto &[c, count] : group.classes)
            m_classes[c].undecided -= count;
    }
    void move(size_t g, bool toExam)
    {
        Group &group = m_groups[g];
        group.inExam = toExam;
        m_total += toExam ? group.size : -group.size;
        for (const auto &[c, count] : group.classes) {
            m_classes[c].inExam += toExam ? count : -count;
            m_classes[c].learnedFrom += toExam ? size_t(-1) : 1;
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
            if (m_classes[c].inExam > 0)
                continue;
            std::optional<size_t> best;
            double bestSize = 0;
            int64_t bestNew = 0;
            for (const size_t g : m_classes[c].groups) {
                const Group &group = m_groups[g];
                if (!canMove(group) || !isNearer(group.size) || (best && group.size > bestSize))
                    continue;
                const auto isNew = std::count_if(group.classes.begin(), group.classes.end(),
                                                 [&](const auto &own) { return m_classes[own.first].inExam <= 0; });
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
                const Group &group = m_groups[g];
                if (group.isDecided)
                    continue;
                for (const auto &[own, count] : group.classes)
                    rarest.erase({m_classes[own].undecided, own});
                const bool toExam = belongsInExam(m_classes[c], group, countOf(group, c));
                decide(g);
                if (toExam)
                    move(g, true);
                for (const auto &[own, count] : group.classes) {
                    if (m_classes[own].undecided > 0)
                        rarest.emplace(m_classes[own].undecided, own);
                }
            }
        }
    }
    [[nodiscard]] static double countOf(const Group &group, size_t c)
    {
        const auto own =
            std::find_if(group.classes.begin(), group.classes.end(), [&](const auto &of) { return of.first == c; });
        return own->second;
    }
    [[nodiscard]] bool belongsInExam(const ClassState &own, const Group &group, double count) const
    {
        const double lacksInExam = own.wanted - own.inExam;
        const double lacksInTrain = own.undecided - lacksInExam;
        const bool lacksMore = lacksInExam > lacksInTrain || (lacksInExam == lacksInTrain && isNearer(group.size));
        return lacksMore && count < 2 * lacksInExam && canMove(group);
    }

    /// How much nearer the group's classes come to what they want.
    [[nodiscard]] double gain(const Group &group, double sign) const
    {
        double sum = 0;
        for (const auto &[c, count] : group.classes) {
            const ClassState &own = m_classes[c];
            const double lacks = own.wanted - own.inExam;
            sum += (std::abs(lacks) - std::abs(lacks - sign * count)) / own.rows;
        }
        return sum;
    }
    /// Moves what the classes gain most by. A gain only falls while others move the same way, so that one that is out
    /// of date is an upper bound (Minoux 1978).
    void moveTowardsTarget(bool toExam)
    {
        const double sign = toExam ? 1 : -1;
        struct Offer {
            double gain;
            size_t place, group;
            bool operator<(const Offer &other) const
            {
                return std::pair(gain, other.place) < std::pair(other.gain, place);
            }
        };
        std::priority_queue<Offer> offers;
        const auto isOpen = [&](const Group &group) {
            return group.inExam != toExam && isNearer(sign * group.size) &&
                   (toExam ? canMove(group) : canReturn(group));
        };
        for (size_t i = 0; i < m_order.size(); ++i) {
            if (isOpen(m_groups[m_order[i]]))
                offers.push({gain(m_groups[m_order[i]], sign), i, m_order[i]});
        }
        while (!offers.empty()) {
            Offer offer = offers.top();
            offers.pop();
            const Group &group = m_groups[offer.group];
            if (!isOpen(group))
                continue;  // and it will not be again
            const double now = gain(group, sign);
            if (now < offer.gain) {
                offer.gain = now;
                offers.push(offer);
            } else {
                move(offer.group, toExam);
            }
        }
    }

    std::vector<Group> m_groups;
    std::vector<ClassState> m_classes;
    std::vector<size_t> m_order;  ///< of the groups
    double m_share;
    double m_target = 0, m_total = 0;  ///< rows of the exam
    bool m_keepsCovered = false;
};

}  // namespace

Result<std::vector<bool>> chooseExam(std::span<const std::string> texts, std::span<const ExamCandidate> candidates,
                                     double share, uint64_t seed, const base::WorkContext &context)
{
    std::vector<bool> chosen(candidates.size(), false);
    std::vector<std::string> counted;
    std::vector<size_t> rows;
    size_t classes = 1;  // the last one: none of the classes
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].may == May::StayOut)
            continue;
        counted.push_back(texts[i]);
        rows.push_back(i);
        for (const int c : candidates[i].classes)
            classes = std::max(classes, static_cast<size_t>(c) + 2);
    }
    auto numbers = groupNumbers(counted, context);
    if (!numbers)
        return base::failure(numbers);
    std::vector<std::string>().swap(counted);
    std::map<size_t, Group> byNumber;
    for (size_t i = 0; i < rows.size(); ++i) {
        const ExamCandidate &row = candidates[rows[i]];
        Group &group = byNumber[numbers->at(i)];
        group.rows.push_back(rows[i]);
        group.stays = group.stays || row.may == May::Stay;
        if (row.may == May::Move)
            group.size += 1;
        // A class may be learned from rows that cannot move; these do not count for what it wants.
        const double counts = row.may == May::Move ? 1 : 0;
        const auto add = [&](size_t c) {
            for (auto &[own, count] : group.classes) {
                if (own == c) {
                    count += counts;
                    return;
                }
            }
            group.classes.emplace_back(c, counts);
        };
        for (const int c : row.classes)
            add(static_cast<size_t>(c));
        if (row.classes.empty())
            add(classes - 1);
    }
    std::vector<Group> groups;
    for (auto &[number, group] : byNumber)
        groups.push_back(std::move(group));
    const double wanted = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0;
    ExamChoice choice(std::move(groups), classes, wanted, seed);
    for (const Group &group : choice.choose()) {
        for (const size_t row : group.rows)
            chosen[row] = group.inExam;
    }
    return chosen;
}

}  // namespace core
