// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/disagreements.h"

#include "core/classify/suggestions.h"
#include "core/teacher/orders.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostLooked = 20'000;
constexpr double HalfSure = 0.5;
constexpr size_t PartRows = 256;

/// Of Train and Unlabelled, what teachers have labelled.
Result<std::vector<Disagreement>> taughtRows(const Service &service)
{
    std::vector<Disagreement> rows;
    auto labels = TRY(service.examples().labels());
    std::vector<std::string> names;
    for (const Label &label : labels)
        names.push_back(label.name);
    for (const Split split : {Split::Train, Split::Unlabelled}) {
        TRY(service.examples().forEach({.split = split}, [&](const Example &row) {
            if (!row.isTaught() || !labelsOf(row).isAnswered)
                return;
            Disagreement one;
            one.row = row.id;
            one.text = row.text;
            one.teacher = labelsOf(row);
            one.teacherName = teacherIn(row.provenance);
            one.confidence = row.confidence;
            one.ordersTheReader = readsLikeInstructions(row.text, names);
            rows.push_back(std::move(one));
        }));
    }
    if (rows.size() > MostLooked) {
        std::vector<Disagreement> spread;
        for (size_t i = 0; i < MostLooked; ++i)
            spread.push_back(std::move(rows[i * rows.size() / MostLooked]));
        rows = std::move(spread);
    }
    return rows;
}

/// Asks the classifier about all of them.
Result<void> askQuick(std::vector<Disagreement> &rows, const QuickClassifier &quick, const base::WorkContext &context)
{
    for (size_t first = 0; first < rows.size(); first += PartRows) {
        if (context.stopRequested())
            return base::cancelled();
        const size_t count = std::min(PartRows, rows.size() - first);
        std::vector<std::string> texts;
        for (size_t i = 0; i < count; ++i)
            texts.push_back(rows[first + i].text);
        auto probabilities = TRY(quick.probabilities(texts, context));
        for (size_t i = 0; i < count; ++i) {
            Disagreement &row = rows[first + i];
            const Suggestion suggested = suggestionOf(quick, probabilities.row(i));
            row.quick = suggested.labels;
            row.quickConfidence = suggested.confidence;
            row.disagrees = row.quick != row.teacher;
        }
        context.report({static_cast<int64_t>(first + count), static_cast<int64_t>(rows.size()), "Comparing"});
    }
    return {};
}

}  // namespace

Result<ReviewQueue> reviewTeachers(const Service &service, std::shared_ptr<FeatureReader> reader, size_t most,
                                   const base::WorkContext &context)
{
    ReviewQueue queue;
    auto rows = TRY(taughtRows(service));
    queue.looked = static_cast<int64_t>(rows.size());
    if (rows.empty())
        return queue;
    auto quick = trainQuickly(service, std::move(reader), context, LabelledBy::People);
    if (!quick && quick.error().code != base::ErrorCode::Blocked)
        return failure(quick);
    queue.couldAsk = quick && quick->rows > 0;
    if (queue.couldAsk) {
        TRY(askQuick(rows, *quick, context));
    }
    std::erase_if(rows, [](const Disagreement &row) {
        return !row.disagrees && !row.ordersTheReader && row.confidence.value_or(1) >= HalfSure;
    });
    std::stable_sort(rows.begin(), rows.end(), [](const Disagreement &a, const Disagreement &b) {
        if (a.ordersTheReader != b.ordersTheReader)
            return a.ordersTheReader;
        if (a.disagrees != b.disagrees)
            return a.disagrees;
        return a.quickConfidence > b.quickConfidence;
    });
    if (rows.size() > most)
        rows.resize(most);
    queue.rows = std::move(rows);
    return queue;
}

}  // namespace core
