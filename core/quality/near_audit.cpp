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
    auto ignored = IgnoredFindings::of(service);
    if (!ignored)
        return base::failure(ignored);
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
        // Rows of one group under several labels are for people to look at: none of them is one too many.
        const bool contradicts = differs([&](size_t i) { return rows[i].label; });
        // Train comes first, so a group of both begins there.
        const bool both = differs([&](size_t i) { return rows[i].split; });
        for (const size_t i : group) {
            if (contradicts)
                contradicting.rows.push_back(rows[i].id);
            if (both)
                (rows[i].split == Split::Test ? leaking.rows : leaking.fixRows).push_back(rows[i].id);
            if (!contradicts && i != group[0] && rows[i].split == Split::Train)
                repeated.rows.push_back(rows[i].id);
        }
    }
    FindingList findings(std::move(*ignored));
    findings.add(std::move(leaking), [](size_t n) {
        return counted(n, "row of test nearly repeats", "rows of test nearly repeat") + " one of train.";
    });
    findings.add(std::move(contradicting), [](size_t n) {
        return counted(n, "row", "rows") + " nearly say the same as others under another label.";
    });
    findings.add(std::move(repeated), [](size_t n) {
        return counted(n, "row of train nearly repeats", "rows of train nearly repeat") + " another one.";
    });
    return findings.take();
}

}  // namespace core
