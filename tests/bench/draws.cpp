// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/draws.h"

#include "core/base/random.h"
#include "core/quality/text_fold.h"
#include "core/training/recipe_choice.h"

#include <algorithm>
#include <map>

namespace bench {

namespace {

/// What tells of a class with a row of its own: larger sets are drawn from some classes only.
constexpr size_t FewestRows = 20;

std::vector<std::string> drawnClasses(const PublicSet &set, base::Random &random)
{
    std::map<std::string, size_t> counts;
    for (const Row &row : set.pool)
        ++counts[row.label];
    std::vector<std::string> classes;
    for (const auto &[name, count] : counts) {
        if (set.rowsPerClass == 0 || count >= FewestRows)
            classes.push_back(name);
    }
    if (set.classes > 0 && static_cast<size_t>(set.classes) < classes.size()) {
        random.shuffle(classes);
        classes.resize(static_cast<size_t>(set.classes));
        std::sort(classes.begin(), classes.end());
    }
    return classes;
}

}  // namespace

Draw drawFrom(const PublicSet &set, uint64_t seed, engine::Recipe recipe)
{
    base::Random random(seed);
    Draw result;
    result.classes = drawnClasses(set, random);
    const auto &classes = result.classes;
    const auto indexOf = [&](const std::string &label) {
        const auto found = std::lower_bound(classes.begin(), classes.end(), label);
        return found != classes.end() && *found == label ? static_cast<int>(found - classes.begin()) : -1;
    };
    std::vector<Row> pool = set.pool;
    random.shuffle(pool);
    std::vector<size_t> taken(classes.size());
    const core::RowCounts all{.unlabelled = static_cast<int64_t>(pool.size()),
                              .classes = static_cast<int64_t>(classes.size())};
    const auto unlabelled = static_cast<size_t>(core::unlabelledRead(recipe, all));
    const auto addExam = [&](const Row &row) {
        if (const int label = indexOf(row.label); label >= 0) {
            result.exam.push_back(row.text);
            result.truth.push_back(label);
        }
    };
    for (const Row &row : pool) {
        const int label = indexOf(row.label);
        if (label < 0)
            continue;
        if (set.rowsPerClass == 0 || taken[static_cast<size_t>(label)] < static_cast<size_t>(set.rowsPerClass)) {
            ++taken[static_cast<size_t>(label)];
            result.train.push_back(row.text);
            result.labels.push_back(label);
        } else if (result.exam.size() < set.examRows) {
            addExam(row);
        } else if (result.unlabelled.size() < unlabelled) {
            result.unlabelled.push_back(row.text);
        }
    }
    for (const Row &row : set.exam)
        addExam(row);
    for (const Row &row : set.unlabelled)
        result.unlabelled.push_back(row.text);
    for (const auto &name : classes)
        result.names.push_back(core::spokenName(name));
    return result;
}

}  // namespace bench
