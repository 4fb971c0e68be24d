// SPDX-License-Identifier: Apache-2.0
#include "core/quality/exam_share.h"

#include "core/engine/data/share_choice.h"
#include "core/quality/alike_rows.h"

#include <algorithm>
#include <map>

using base::Result;

namespace core {

namespace {

using May = ExamCandidate::May;

}  // namespace

Result<std::vector<bool>> chooseExam(std::span<const std::string> texts, std::span<const ExamCandidate> candidates,
                                     double share, uint64_t seed, const base::WorkContext &context)
{
    std::vector<bool> chosen(candidates.size(), false);
    std::vector<std::string> counted;
    std::vector<size_t> rows;
    std::vector<int64_t> families;
    size_t classes = 1;  // the last one: none of the classes
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].may == May::StayOut)
            continue;
        counted.push_back(texts[i]);
        rows.push_back(i);
        families.push_back(candidates[i].family);
        for (const int c : candidates[i].classes)
            classes = std::max(classes, static_cast<size_t>(c) + 2);
    }
    auto numbers = TRY(firstAlike(counted, families, context));
    std::vector<std::string>().swap(counted);
    std::map<size_t, engine::RowGroup> byNumber;
    for (size_t i = 0; i < rows.size(); ++i) {
        const ExamCandidate &row = candidates[rows[i]];
        engine::RowGroup &group = byNumber[numbers.at(i)];
        group.rows.push_back(rows[i]);
        group.stays = group.stays || row.may == May::Stay;
        if (row.may == May::Move)
            group.size += 1;
        // A class may be learned from rows that cannot move; these do not count for what it wants.
        const double counts = row.may == May::Move ? 1 : 0;
        for (const int c : row.classes)
            group.add(static_cast<size_t>(c), counts);
        if (row.classes.empty())
            group.add(classes - 1, counts);
    }
    std::vector<engine::RowGroup> groups;
    for (auto &[number, group] : byNumber)
        groups.push_back(std::move(group));
    const auto isChosen = engine::chooseShare(groups, classes, share, seed);
    for (size_t g = 0; g < groups.size(); ++g) {
        for (const size_t row : groups[g].rows)
            chosen[row] = isChosen[g];
    }
    return chosen;
}

}  // namespace core
