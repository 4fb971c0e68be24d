// SPDX-License-Identifier: Apache-2.0
#include "core/quality/near_audit.h"

#include "core/base/counted.h"
#include "core/base/trimmed.h"
#include "core/quality/near_duplicates.h"
#include "core/quality/paraphrases.h"
#include "core/store/label_set.h"

#include <algorithm>

using base::counted;
using base::Result;
using Severity = core::Finding::Severity;

namespace core {

namespace {

using Groups = std::vector<std::vector<size_t>>;

/// Rows of train, then of test; without their texts, which stand beside them.
struct Rows {
    std::vector<Example> rows;
    std::vector<std::string> texts;
};

/// How the findings of one kind of likeness are called and said.
struct Words {
    const char *repeated, *contradicting, *leaking;
    const char *like;  ///< of several rows, before the other row
    const char *likeOne;
    Severity severity;
    const char *advice;  ///< about those of train
};
constexpr Words Letters{"near_duplicates",
                        "near_contradictions",
                        "near_leaks",
                        "nearly repeat",
                        "nearly repeats",
                        Severity::Warn,
                        "Look at them, and delete those that add nothing."};
/// Other words for the same thing teach something, so nothing is offered for deletion.
constexpr Words Meaning{"paraphrases",
                        "paraphrase_contradictions",
                        "paraphrase_leaks",
                        "say almost the same as",
                        "says almost the same as",
                        Severity::Info,
                        "That is fine where people write so; rows that say other things would teach more."};

Result<Rows> readRows(const Service &service)
{
    Rows all;
    for (const Split split : {Split::Train, Split::Test}) {
        TRY(service.examples().forEach({.split = split}, [&](const Example &row) {
            if (base::trimmed(row.text).empty())
                return;
            all.texts.push_back(row.text);
            all.rows.push_back({.id = row.id, .label = labelKey(row), .split = row.split});
        }));
    }
    return all;
}

void addFindings(FindingList &findings, const std::vector<Example> &rows, const Groups &groups, const Words &words)
{
    Finding repeated{words.repeated, words.severity, "train", {}, {}, words.advice};
    Finding contradicting{
        words.contradicting, Severity::Warn, "", {}, {}, "Look at them: one of the labels may be wrong."};
    Finding leaking{
        words.leaking, words.severity, "test", {}, {}, "Remove them from train if the exam should be strict."};
    for (const auto &group : groups) {
        const auto differs = [&](auto field) {
            return std::any_of(group.begin(), group.end(), [&](size_t i) { return field(i) != field(group[0]); });
        };
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
    const std::string like = words.like, likeOne = words.likeOne;
    findings.add(std::move(leaking), [=](size_t n) {
        return counted(n, ("row of test " + likeOne).c_str(), ("rows of test " + like).c_str()) + " one of train.";
    });
    findings.add(std::move(contradicting), [=](size_t n) {
        return counted(n, ("row " + likeOne).c_str(), ("rows " + like).c_str()) + " others under another label.";
    });
    findings.add(std::move(repeated), [=](size_t n) {
        return counted(n, ("row of train " + likeOne).c_str(), ("rows of train " + like).c_str()) + " another one.";
    });
}

/// Leaves out rows whose letters are so much like those of the group's first that the other findings name them.
void keepOtherWords(Groups &groups, const std::vector<std::string> &texts, double similarity)
{
    for (auto &group : groups) {
        const std::string &first = texts[group[0]];
        std::erase_if(group, [&](size_t i) { return i != group[0] && textSimilarity(first, texts[i]) >= similarity; });
    }
    std::erase_if(groups, [](const auto &group) { return group.size() < 2; });
}

}  // namespace

Result<std::vector<Finding>> auditNearDuplicates(const Service &service, const NearOptions &options,
                                                 const base::WorkContext &context)
{
    auto all = TRY(readRows(service));
    auto groups = TRY(nearDuplicateGroups(all.texts, options.similarity, context));
    auto ignored = TRY(IgnoredFindings::of(service));
    std::erase_if(groups, [&](const auto &group) {  // the audit names those that are equal
        return std::all_of(group.begin(), group.end(), [&](size_t i) { return all.texts[i] == all.texts[group[0]]; });
    });
    FindingList findings(std::move(ignored));
    addFindings(findings, all.rows, groups, Letters);
    if (options.features && all.texts.size() <= MostParaphraseRows) {
        auto features = TRY(options.features(all.texts));
        auto alike = TRY(paraphraseGroups(features, options.cosine, context));
        keepOtherWords(alike, all.texts, options.similarity);
        addFindings(findings, all.rows, alike, Meaning);
    }
    return findings.take();
}

}  // namespace core
