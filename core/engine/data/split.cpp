// SPDX-License-Identifier: Apache-2.0
#include "core/engine/data/split.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace engine {

namespace {

/// Groups of each label in random order. A group counts for the label of its first row.
std::map<int, std::vector<std::vector<size_t>>> groupsByLabel(std::span<const int> labels,
                                                              std::span<const int64_t> groups, uint64_t seed)
{
    std::map<int64_t, std::vector<size_t>> members;
    for (size_t row = 0; row < labels.size(); ++row)
        members[groups[row]].push_back(row);
    std::map<int, std::vector<std::vector<size_t>>> result;
    for (auto &[group, rows] : members)
        result[labels[rows.front()]].push_back(std::move(rows));
    for (auto &[label, sets] : result) {
        std::sort(sets.begin(), sets.end());  // by row, so that group numbers do not matter
        base::Random random(base::subSeed(seed, static_cast<uint64_t>(label)));
        random.shuffle(sets);
    }
    return result;
}

}  // namespace

HoldOut stratifiedHoldOut(std::span<const int> labels, std::span<const int64_t> groups, double fraction, uint64_t seed)
{
    HoldOut result;
    for (auto &[label, sets] : groupsByLabel(labels, groups, seed)) {
        size_t total = 0;
        for (const auto &set : sets)
            total += set.size();
        const auto wanted = static_cast<size_t>(std::lround(fraction * static_cast<double>(total)));
        size_t held = 0;
        for (size_t i = 0; i < sets.size(); ++i) {
            const bool hold = i + 1 < sets.size() && held + sets[i].size() <= wanted;
            auto &part = hold ? result.validation : result.train;
            part.insert(part.end(), sets[i].begin(), sets[i].end());
            held += hold ? sets[i].size() : 0;
        }
    }
    std::sort(result.train.begin(), result.train.end());
    std::sort(result.validation.begin(), result.validation.end());
    return result;
}

std::vector<int> stratifiedFolds(std::span<const int> labels, std::span<const int64_t> groups, int folds, uint64_t seed)
{
    std::vector<int> result(labels.size(), 0);
    size_t next = 0;  // goes on over the labels, so that folds stay equally large
    for (const auto &[label, sets] : groupsByLabel(labels, groups, seed)) {
        for (const auto &set : sets) {
            for (const size_t row : set)
                result[row] = static_cast<int>(next % static_cast<size_t>(folds));
            ++next;
        }
    }
    return result;
}

}  // namespace engine
