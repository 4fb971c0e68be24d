// SPDX-License-Identifier: Apache-2.0
#include "core/training/training_budget.h"

#include "core/base/counted.h"
#include "core/base/spread.h"

#include <algorithm>

using engine::TokenIds;

namespace core {

namespace {

constexpr int FewFolds = 3;
/// Fewer leave little of what self-training does.
constexpr size_t FewestUnlabelled = 100, FewestForEach = 2;

}  // namespace

int64_t tokensOf(const std::vector<TokenIds> &texts)
{
    int64_t sum = 0;
    for (const TokenIds &text : texts)
        sum += static_cast<int64_t>(text.size());
    return sum;
}

std::vector<size_t> unlabelledWithin(const std::vector<TokenIds> &unlabelled)
{
    const size_t all = unlabelled.size();
    const auto budget = TokensForEach * static_cast<int64_t>(all);
    const int64_t tokens = tokensOf(unlabelled);
    size_t rows = all;
    if (tokens > budget) {
        const auto fitting = static_cast<double>(all) * static_cast<double>(budget) / static_cast<double>(tokens);
        rows = std::max(FewestUnlabelled, static_cast<size_t>(fitting));
    }
    return base::spreadPlaces(all, rows);
}

FoldPlan planFolds(const engine::TrainRequest &request)
{
    const auto &config = request.config;
    const bool selfTrains = config.recipe == engine::Recipe::SelfTraining;
    const int64_t passes = std::max(1, config.epochs - (selfTrains ? 1 : 0));
    const auto labelled = passes * tokensOf(request.train.texts);
    const auto unlabelled = selfTrains ? passes * tokensOf(request.unlabelled) : 0;
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
    for (const size_t row : base::spreadPlaces(request.unlabelled.size(), plan.unlabelled))
        texts.push_back(request.unlabelled[row]);
    return texts;
}

std::string noteOnLongUnlabelled(size_t read, size_t all)
{
    if (read >= all)
        return {};
    return "Unlabelled texts are long: to save time, " + std::to_string(read) + " of the " +
           base::counted(static_cast<int64_t>(all), "unlabelled row", "unlabelled rows") +
           " are learned from, spread over all.";
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
