// SPDX-License-Identifier: Apache-2.0
#include "core/quality/near_audit.h"

#include "core/base/counted.h"
#include "core/base/trimmed.h"
#include "core/quality/near_duplicates.h"

#include <algorithm>

using base::counted;
using base::Result;
using Severity = core::Finding::Severity;

namespace core {

Result<std::vector<Finding>> auditNearDuplicates(const Service &service, double least, const base::WorkContext &context)
{
    std::vector<std::string> texts;
    std::vector<Example> rows;  // without their texts
    for (const Split split : {Split::Train, Split::Test}) {
        auto read = service.examples().forEach({.split = split}, [&](const Example &row) {
            if (base::trimmed(row.text).empty())
                return;
            texts.push_back(row.text);
            rows.push_back({.id = row.id, .label = row.label, .split = row.split});
        });
        if (!read)
            return base::failure(read);
    }
    auto groups = nearDuplicateGroups(texts, least, context);
    if (!groups)
        return base::failure(groups);
    Finding repeated{
        "near_duplicates", Severity::Warn, "train", {}, {}, "Look at them, and delete those that add nothing."};
    Finding contradicting{
        "near_contradictions", Severity::Warn, "", {}, {}, "Look at them: one of the labels may be wrong."};
    Finding leaking{
        "near_leaks", Severity::Warn, "test", {}, {}, "Remove them from train if the exam should be strict."};
    for (const auto &group : *groups) {
        const auto differs = [&](auto field) {
            return std::any_of(group.begin(), group.end(), [&](size_t i) { return field(i) != field(group[0]); });
        };
        const bool equal = !differs([&](size_t i) -> const std::string & { return texts[i]; });
        if (equal)
            continue;  // the audit names those
        if (differs([&](size_t i) { return rows[i].label; }))
            for (const size_t i : group)
                contradicting.rows.push_back(rows[i].id);
        // Train comes first, so a group of both begins there.
        const bool both = differs([&](size_t i) { return rows[i].split; });
        for (const size_t i : group) {
            if (both && rows[i].split == Split::Test)
                leaking.rows.push_back(rows[i].id);
            else if (i != group[0] && rows[i].split == Split::Train)
                repeated.rows.push_back(rows[i].id);
        }
    }
    repeated.message = counted(repeated.rows.size(), "row", "rows") + " of train nearly repeat another one.";
    contradicting.message =
        counted(contradicting.rows.size(), "row", "rows") + " nearly say the same under different labels.";
    leaking.message = counted(leaking.rows.size(), "row", "rows") + " of test nearly repeat one of train.";
    std::vector<Finding> findings;
    for (Finding *finding : {&leaking, &contradicting, &repeated}) {
        std::sort(finding->rows.begin(), finding->rows.end());
        if (!finding->rows.empty())
            findings.push_back(std::move(*finding));
    }
    return findings;
}

}  // namespace core
