// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/training_budget.h"

#include "core/base/counted.h"

#include <algorithm>

using engine::TokenIds;

namespace core {

namespace {

constexpr int FewFolds = 3;
/// Fewer leave little of what self-training does.
constexpr size_t FewestUnlabelled = 100, FewestForEach = 2;

}  // namespace

int64_t tokensOf(const std::vector<TokenIds> &texts, int most)
{
    int64_t sum = 0;
    for (const TokenIds &text : texts)
        sum += static_cast<int64_t>(most > 0 ? std::min(text.size(), static_cast<size_t>(most)) : text.size());
    return sum;
}

int lengthLearned(const std::vector<TokenIds> &unlabelled)
{
    const int64_t all = LearnedOnAverage * static_cast<int64_t>(unlabelled.size());
    if (tokensOf(unlabelled, 0) <= all)
        return 0;
    int length = FewestLearned;
    while (tokensOf(unlabelled, length + 1) <= all)
        ++length;
    return length;
}

FoldPlan planFolds(const engine::TrainRequest &request)
{
    const auto &config = request.config;
    const bool selfTrains = config.recipe == engine::Recipe::SelfTraining;
    const int64_t passes = std::max(1, config.epochs - (selfTrains ? 1 : 0));
    const auto labelled = passes * tokensOf(request.train.texts, 0);
    const auto unlabelled = selfTrains ? passes * tokensOf(request.unlabelled, request.unlabelledPart.length) : 0;
    FoldPlan plan{.unlabelled = request.unlabelled.size()};
    const auto wanted = [&] { return (plan.folds - 1) * labelled + plan.folds * unlabelled; };
    if (wanted() <= CrossValidationTokens)
        return plan;
    plan.folds = FewFolds;
    if (wanted() <= CrossValidationTokens || unlabelled == 0)
        return plan;
    const auto room = std::max<int64_t>(0, CrossValidationTokens - (plan.folds - 1) * labelled);
    const auto rows =
        static_cast<double>(plan.unlabelled) * static_cast<double>(room) / static_cast<double>(plan.folds * unlabelled);
    const size_t fewest = std::max(FewestUnlabelled, FewestForEach * request.train.texts.size());
    plan.unlabelled = std::min(plan.unlabelled, std::max(fewest, static_cast<size_t>(rows)));
    return plan;
}

std::vector<TokenIds> unlabelledOf(const FoldPlan &plan, const engine::TrainRequest &request)
{
    std::vector<TokenIds> texts;
    for (size_t i = 0; i < plan.unlabelled; ++i)
        texts.push_back(request.unlabelled[i * request.unlabelled.size() / plan.unlabelled]);
    return texts;
}

std::string noteOnPart(const engine::TrainRequest &request)
{
    if (!request.unlabelledPart.isOn())
        return {};
    return "Unlabelled texts are long: they are read whole to find their classes, and the passes learn from the "
           "first " +
           std::to_string(request.unlabelledPart.length) + " tokens of each.";
}

std::string noteOnFolds(const FoldPlan &plan, const engine::TrainRequest &request)
{
    if (plan.unlabelled >= request.unlabelled.size())
        return {};
    return "To save time, the " + std::to_string(plan.folds) + " rounds of cross-validation learn from " +
           std::to_string(plan.unlabelled) + " of the " +
           base::counted(static_cast<int64_t>(request.unlabelled.size()), "unlabelled row", "unlabelled rows") +
           " each. Their scores may be a little low.";
}

}  // namespace core
