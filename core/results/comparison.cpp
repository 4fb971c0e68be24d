// SPDX-License-Identifier: Apache-2.0
#include "core/results/comparison.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace core {

namespace {

/// Of one class by name.
struct Counts {
    int64_t hits = 0, answered = 0, expected = 0;

    [[nodiscard]] double f1() const
    {
        const auto sum = static_cast<double>(answered + expected);
        return sum > 0 ? 2 * static_cast<double>(hits) / sum : 0;
    }
};

void count(std::map<std::string, Counts> &counts, const Answers &answers, const engine::Verdict &verdict)
{
    for (const int label : verdict.expected)
        ++counts[answers.labels[static_cast<size_t>(label)]].expected;
    for (const int label : verdict.answer) {
        Counts &own = counts[answers.labels[static_cast<size_t>(label)]];
        ++own.answered;
        own.hits += std::binary_search(verdict.expected.begin(), verdict.expected.end(), label) ? 1 : 0;
    }
}

}  // namespace

ComparedRows compareAnswers(const Answers &before, const Answers &after)
{
    ComparedRows result;
    result.kindBefore = before.kind;
    result.kindAfter = after.kind;
    std::map<std::string, Counts> countsBefore, countsAfter;
    std::map<std::string, ClassChange> changes;
    std::map<int64_t, size_t> places;
    for (size_t i = 0; i < after.size(); ++i)
        places[after.examples[i]] = i;
    for (size_t i = 0; i < before.size(); ++i) {
        const auto place = places.find(before.examples[i]);
        if (place == places.end())
            continue;
        const engine::Verdict &was = before.verdicts[i];
        const engine::Verdict &is = after.verdicts[place->second];
        ++result.rows;
        result.rightBefore += was.isRight() ? 1 : 0;
        result.rightAfter += is.isRight() ? 1 : 0;
        count(countsBefore, before, was);
        count(countsAfter, after, is);
        if (was.isRight() == is.isRight())
            continue;
        (is.isRight() ? result.fixed : result.broke).push_back(before.examples[i]);
        for (const int label : was.expected) {
            ClassChange &change = changes[before.labels[static_cast<size_t>(label)]];
            ++(is.isRight() ? change.fixed : change.broke);
        }
    }
    result.pValue =
        engine::mcnemarPValue(static_cast<int64_t>(result.fixed.size()), static_cast<int64_t>(result.broke.size()));
    for (const std::string &label : before.labels) {
        if (std::find(after.labels.begin(), after.labels.end(), label) == after.labels.end())
            continue;
        ClassChange change = changes[label];
        change.label = label;
        change.f1Before = countsBefore[label].f1();
        change.f1After = countsAfter[label].f1();
        result.perClass.push_back(std::move(change));
    }
    std::stable_sort(result.perClass.begin(), result.perClass.end(), [](const ClassChange &a, const ClassChange &b) {
        return std::abs(a.f1After - a.f1Before) > std::abs(b.f1After - b.f1Before);
    });
    return result;
}

std::vector<ConfigDifference> configDifferences(const RunInfo &before, const RunInfo &after)
{
    if (before.isExam() || after.isExam())
        return {};  // a teacher was not trained here
    std::vector<ConfigDifference> changes;
    if (before.base != after.base)
        changes.push_back({"base", before.base, after.base});
    const auto a = nlohmann::ordered_json::parse(engine::toJson(before.config), nullptr, false);
    const auto b = nlohmann::ordered_json::parse(engine::toJson(after.config), nullptr, false);
    const auto textOf = [](const nlohmann::ordered_json &json, const std::string &key) {
        if (!json.contains(key))
            return std::string();
        return json[key].is_string() ? json[key].get<std::string>() : json[key].dump();
    };
    for (const auto &[key, value] : a.items()) {
        if (textOf(a, key) != textOf(b, key))
            changes.push_back({key, textOf(a, key), textOf(b, key)});
    }
    for (const auto &[key, value] : b.items()) {
        if (!a.contains(key))
            changes.push_back({key, {}, textOf(b, key)});
    }
    return changes;
}

}  // namespace core
