// SPDX-License-Identifier: Apache-2.0
#include "core/quality/alike_rows.h"

#include "core/quality/disjoint_sets.h"
#include "core/quality/near_duplicates.h"
#include "core/quality/text_fold.h"

#include <unordered_map>

using base::Result;

namespace core {

Result<std::vector<size_t>> firstAlike(std::span<const std::string> texts, std::span<const int64_t> families,
                                       const base::WorkContext &context)
{
    DisjointSets sets(texts.size());
    std::vector<std::string> unlike;  // each once
    std::vector<size_t> rowOfUnlike;  // its first row
    std::unordered_map<std::string, size_t> known;
    for (size_t i = 0; i < texts.size(); ++i) {
        const auto [found, isNew] = known.try_emplace(folded(texts[i]), i);
        sets.join(found->second, i);
        if (isNew) {
            unlike.push_back(texts[i]);
            rowOfUnlike.push_back(i);
        }
    }
    known.clear();
    auto near = TRY(nearDuplicateGroups(unlike, AlikeSimilarity, context));
    for (const auto &group : near) {
        for (const size_t other : group)
            sets.join(rowOfUnlike[group.front()], rowOfUnlike[other]);
    }
    std::unordered_map<int64_t, size_t> firstOfFamily;
    for (size_t i = 0; i < families.size(); ++i) {
        if (families[i] != 0)
            sets.join(firstOfFamily.try_emplace(families[i], i).first->second, i);
    }
    std::vector<size_t> first(texts.size());
    for (size_t i = 0; i < first.size(); ++i)
        first[i] = sets.firstOf(i);
    return first;
}

}  // namespace core
