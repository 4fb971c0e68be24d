// SPDX-License-Identifier: Apache-2.0
#include "core/results/run_classes.h"

#include "core/base/counted.h"
#include "core/base/names.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostNamed = 5;

}  // namespace

Result<RunClasses> runClasses(const ExampleStore &examples, const RunInfo &run)
{
    auto labels = TRY(examples.labels());
    auto rows = TRY(examples.countsByLabel());
    RunClasses classes{run.labels, {}, run.labels.size()};
    const auto take = [&](size_t place, const Label &label) {
        classes.names[place] = label.name;
        classes.places[label.id] = static_cast<int>(place);
    };
    std::vector<bool> isFound(run.labels.size(), false);
    for (size_t i = 0; i < run.labelIds.size(); ++i) {
        const auto same =
            std::find_if(labels.begin(), labels.end(), [&](const Label &label) { return label.id == run.labelIds[i]; });
        if (same != labels.end()) {
            take(i, *same);
            isFound[i] = true;
        }
    }
    // Runs of older versions recorded names alone; and a class may have been deleted and made again.
    for (const Label &label : labels) {
        const auto named = std::find(run.labels.begin(), run.labels.end(), label.name);
        const auto place = static_cast<size_t>(named - run.labels.begin());
        if (named != run.labels.end() && !isFound[place] && !classes.places.contains(label.id))
            take(place, label);
    }
    for (const Label &label : labels) {
        const bool isUnknown = label.declared && !label.isReject && !classes.places.contains(label.id);
        if (const auto count = rows.find(label.id); isUnknown && count != rows.end() && count->second.total() > 0) {
            classes.places[label.id] = static_cast<int>(classes.names.size());
            classes.names.push_back(label.name);
        }
    }
    int64_t known = 0, all = 0;
    for (const auto &[label, place] : classes.places) {
        const int64_t count = rows.contains(label) ? rows.at(label).train : 0;
        all += count;
        known += classes.knows(place) ? count : 0;
    }
    classes.knownShare = all > 0 ? static_cast<double>(known) / static_cast<double>(all) : 1;
    return classes;
}

std::string unknownText(int64_t rows, const std::vector<std::string> &labels, size_t known)
{
    const std::vector<std::string> unknown(labels.begin() + static_cast<std::ptrdiff_t>(known), labels.end());
    const bool isOne = unknown.size() == 1;
    return base::counted(rows, "row is", "rows are") + (isOne ? " of a class" : " of classes") +
           " that this checkpoint does not know (" + base::listed(unknown, MostNamed) + "). " +
           (rows == 1 ? "It counts" : "They count") + " as wrong. Train again to teach " + (isOne ? "it." : "them.");
}

engine::Matrix widened(engine::Matrix probabilities, size_t columns)
{
    if (probabilities.columns == columns)
        return probabilities;
    engine::Matrix wide;
    wide.rows = probabilities.rows;
    wide.columns = columns;
    wide.values.assign(wide.rows * columns, 0.0F);
    for (size_t i = 0; i < wide.rows; ++i) {
        const auto row = std::as_const(probabilities).row(i);
        std::copy(row.begin(), row.end(), wide.values.begin() + static_cast<std::ptrdiff_t>(i * columns));
    }
    return wide;
}

}  // namespace core
