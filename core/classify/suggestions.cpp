// SPDX-License-Identifier: Apache-2.0
#include "core/classify/suggestions.h"

#include "core/base/trimmed.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/nets_loader.h"
#include "core/quality/usefulness.h"
#include "core/rows/tokenized_rows.h"

#include <algorithm>
#include <cstdlib>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t BatchRows = 64;
constexpr size_t FirstOfAll = 100;

}  // namespace

Suggestion suggestionOf(const QuickClassifier &quick, std::span<const float> probabilities)
{
    std::vector<int64_t> labels;
    for (const int c : engine::answerOf(probabilities, quick.rule))
        labels.push_back(quick.classes[static_cast<size_t>(c)].id);
    return {labelSet(std::move(labels)), engine::confidenceOf(probabilities, quick.rule)};
}

Result<Suggestions> suggestLabels(const Service &service, const QuickClassifier &quick, size_t most,
                                  const base::WorkContext &context)
{
    auto ids = TRY(service.examples().order({.split = Split::Unlabelled, .onlyUnlabelled = true}));
    ids.resize(std::min(ids.size(), most));
    auto examples = TRY(service.examples().read(ids));
    std::erase_if(examples, [](const Example &row) { return base::trimmed(row.text).empty(); });
    Suggestions result;
    const bool several = quick.rule.task == engine::TaskType::MultiLabel;
    // What makes a row useful: its classes, or of several labels the decision it is least sure of.
    engine::Matrix choices(examples.size(), several ? 2 : quick.labels.size()), features;
    for (size_t first = 0; first < examples.size(); first += BatchRows) {
        if (context.stopRequested())
            return base::cancelled();
        std::vector<std::string> texts;
        for (size_t i = first; i < std::min(first + BatchRows, examples.size()); ++i)
            texts.push_back(examples[i].text);
        auto part = TRY(quick.reader->read(texts, context));
        if (features.columns == 0)
            features = engine::Matrix(examples.size(), part.columns);
        const auto answers = engine::probabilitiesOf(linearLogits(quick.head, part), quick.rule.task);
        for (size_t i = 0; i < texts.size(); ++i) {
            std::copy_n(part.row(i).begin(), part.columns, features.row(first + i).begin());
            const auto row = answers.row(i);
            const Suggestion suggestion = suggestionOf(quick, row);
            const auto choice = choices.row(first + i);
            if (several) {
                choice[0] = static_cast<float>(suggestion.confidence);
                choice[1] = 1 - choice[0];
            } else {
                std::copy(row.begin(), row.end(), choice.begin());
            }
            result.byRow[examples[first + i].id] = suggestion;
        }
    }
    if (!examples.empty()) {
        for (const size_t place : mostUseful(choices, features, FirstOfAll))
            result.mostUseful.push_back(examples[place].id);
    }
    return result;
}

}  // namespace core
