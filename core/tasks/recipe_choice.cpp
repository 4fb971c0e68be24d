// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/recipe_choice.h"

#include "core/base/counted.h"

namespace core {

namespace {

/// Fewer unlabelled rows than this add little to learn from.
constexpr int64_t FewestUnlabelled = 100;
/// Of so many labelled rows on, the unlabelled ones that a training reads are the smaller part.
constexpr int64_t ManyLabelled = 2000;

}  // namespace

RecipeChoice chooseRecipe(int64_t trainRows, int64_t unlabelledRows, engine::TaskType task)
{
    using engine::Recipe;
    const auto labelled = base::counted(trainRows, "labelled row", "labelled rows");
    if (task == engine::TaskType::MultiLabel)
        return {Recipe::Finetune, "texts may have several classes, so all weights learn from the labelled rows"};
    if (trainRows >= ManyLabelled)
        return {Recipe::Finetune, labelled + " are enough for all weights to learn from them alone"};
    if (unlabelledRows >= FewestUnlabelled)
        return {Recipe::SelfTraining, "beside " + labelled + " there are " +
                                          base::counted(unlabelledRows, "unlabelled row", "unlabelled rows") +
                                          " to learn from"};
    return {Recipe::Finetune, "there are fewer than " + std::to_string(FewestUnlabelled) +
                                  " unlabelled rows to learn from beside " + labelled};
}

}  // namespace core
