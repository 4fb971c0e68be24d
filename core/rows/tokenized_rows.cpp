// SPDX-License-Identifier: Apache-2.0
#include "core/rows/tokenized_rows.h"

#include "core/base/random.h"
#include "core/base/spread.h"
#include "core/base/trimmed.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/quality/alike_rows.h"
#include "core/quality/text_fold.h"
#include "core/rows/label_names.h"
#include "core/service/row_families.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <map>
#include <unordered_set>

using base::Result;

namespace core {

namespace {

/// Of the rows of a class in one group.
constexpr double MostOfClass = 0.75;

int64_t groupOf(const std::string &text)
{
    const std::string key = folded(text);
    return static_cast<int64_t>(base::contentHash(key.data(), key.size()));
}

}  // namespace

Result<LabelledRows> readLabelled(const Service &service, Split split, const std::vector<std::string> &labels,
                                  LabelledBy by)
{
    auto stored = TRY(service.examples().labels());
    std::map<int64_t, int> index;
    for (const Label &label : stored) {
        const auto found = std::find(labels.begin(), labels.end(), label.name);
        if (found != labels.end())
            index[label.id] = static_cast<int>(found - labels.begin());
    }
    auto several = TRY(service.isMultiLabel());
    const LabelNames names(stored);
    auto families = TRY(RowFamilies::of(service));
    LabelledRows rows;
    std::map<std::vector<int>, int> combinations;
    TRY(service.examples().forEach({.split = split}, [&](const Example &row) {
        if (by != LabelledBy::Anybody && row.isTaught() != (by == LabelledBy::Teachers))
            return;
        std::vector<int> classes;
        const LabelSet own = labelsOf(row);
        for (const int64_t id : own.ids) {
            if (const auto known = index.find(id); known != index.end())
                classes.push_back(known->second);
        }
        if (classes.empty() && !row.isNone)
            return;
        int label = classes.empty() ? 0 : classes.front();
        if (several) {
            std::sort(classes.begin(), classes.end());
            const auto [found, isNew] = combinations.try_emplace(classes, static_cast<int>(combinations.size()));
            if (isNew)
                rows.combinations.push_back(classes);
            label = found->second;
        }
        rows.ids.push_back(row.id);
        rows.labels.push_back(label);
        rows.groups.push_back(groupOf(row.text));
        rows.families.push_back(families.family(row));
        rows.hashes.push_back(rowHash(row.text, names.text(row)));
        rows.texts.push_back(row.text);
    }));
    return rows;
}

Result<std::vector<int64_t>> groupsToHoldOut(const LabelledRows &rows, const base::WorkContext &context)
{
    auto first = TRY(firstAlike(rows.texts, rows.families, context));
    struct Count {
        size_t rows = 0;
        std::map<size_t, size_t> byGroup{};
    };
    std::map<int, Count> ofClass;
    const auto classes = engine::classesOf(rows.labels, rows.combinations);
    for (size_t i = 0; i < classes.size(); ++i) {
        for (const int c : classes[i]) {
            ++ofClass[c].rows;
            ++ofClass[c].byGroup[first.at(i)];
        }
    }
    std::unordered_set<size_t> divided;
    for (const auto &[label, count] : ofClass) {
        for (const auto &[group, members] : count.byGroup) {
            if (static_cast<double>(members) > MostOfClass * static_cast<double>(count.rows))
                divided.insert(group);
        }
    }
    std::vector<int64_t> groups = rows.groups;
    for (size_t i = 0; i < groups.size(); ++i) {
        if (!divided.contains(first.at(i)))
            groups[i] = rows.groups[first.at(i)];
    }
    return groups;
}

Result<SpreadRows> readSpread(const Service &service, Split split, size_t most,
                              const std::vector<int64_t> &withoutGroups)
{
    const std::unordered_set<int64_t> left(withoutGroups.begin(), withoutGroups.end());
    std::vector<int64_t> all;
    TRY(service.examples().forEach({.split = split}, [&](const Example &row) {
        if (!base::trimmed(row.text).empty() && (left.empty() || !left.contains(groupOf(row.text))))
            all.push_back(row.id);
    }));
    std::vector<int64_t> ids;
    const size_t count = std::min(all.size(), most);
    for (size_t i = 0; i < count; ++i)
        ids.push_back(all[i * all.size() / count]);
    auto examples = service.examples().read(ids);  // a row may have gone meanwhile
    if (!examples)
        return base::failure(examples);
    SpreadRows rows;
    rows.all = static_cast<int64_t>(all.size());
    for (Example &row : *examples) {
        rows.ids.push_back(row.id);
        rows.texts.push_back(std::move(row.text));
    }
    return rows;
}

std::shared_ptr<const engine::Tokenizer> defaultTokenizerOrNull()
{
    const auto weights = findWeights(DefaultWeights);
    if (!weights)
        return nullptr;
    auto loaded = engine::loadTokenizer(*weights);
    return loaded ? *loaded : nullptr;
}

std::vector<std::string> namesOf(const std::vector<Label> &classes)
{
    std::vector<std::string> names;
    for (const Label &label : classes)
        names.push_back(label.name);
    return names;
}

std::vector<std::string> describingTexts(const Label &label)
{
    std::string text = spokenName(label.name);
    if (!label.description.empty())
        text += ". " + label.description;
    std::vector<std::string> texts{std::move(text)};
    texts.insert(texts.end(), label.belongs.begin(), label.belongs.end());
    return texts;
}

LabelledRows evenlySpread(LabelledRows rows, size_t most)
{
    if (rows.texts.size() <= most)
        return rows;
    const auto places = base::spreadPlaces(rows.texts.size(), most);
    return picked(std::move(rows), places);
}

LabelledRows picked(LabelledRows rows, std::span<const size_t> places)
{
    LabelledRows fewer;
    fewer.combinations = std::move(rows.combinations);
    for (const size_t from : places) {
        fewer.ids.push_back(rows.ids[from]);
        fewer.texts.push_back(std::move(rows.texts[from]));
        fewer.labels.push_back(rows.labels[from]);
        fewer.groups.push_back(rows.groups[from]);
        fewer.families.push_back(rows.families[from]);
        fewer.hashes.push_back(rows.hashes[from]);
    }
    return fewer;
}

Result<ClassNames> classNames(const Service &service)
{
    auto labels = TRY(service.examples().labels());
    auto several = TRY(service.isMultiLabel());
    ClassNames names;
    for (const Label &label : labels) {
        if (label.declared && label.isReject && !several)
            names.reject = label.name;
        else if (label.declared)
            names.learned.push_back(label.name);
    }
    return names;
}

}  // namespace core
