// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/recipe_choice.h"

#include "core/base/counted.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

/// Fewer unlabelled rows than this add little to learn from.
constexpr int64_t FewestUnlabelled = 100;
/// Of so many labelled rows on, the unlabelled ones that a training reads are the smaller part.
constexpr int64_t ManyLabelled = 2000;
/// Where cross-validation picks one: each pass is short.
constexpr int EpochsOfFewRows = 8;

}  // namespace

RecipeChoice chooseRecipe(int64_t trainRows, int64_t unlabelledRows, engine::TaskType task)
{
    using engine::Recipe;
    const auto labelled = base::counted(trainRows, "labelled row", "labelled rows");
    RecipeChoice choice;
    if (task == engine::TaskType::MultiLabel) {
        choice.because = "texts may have several classes, so all weights learn from the labelled rows";
    } else if (trainRows >= ManyLabelled) {
        choice.because = labelled + " are enough for all weights to learn from them alone";
    } else if (unlabelledRows >= FewestUnlabelled) {
        choice.recipe = Recipe::SelfTraining;
        choice.because = "beside " + labelled + " there are " +
                         base::counted(unlabelledRows, "unlabelled row", "unlabelled rows") + " to learn from";
    } else {
        choice.because = "there are fewer than " + std::to_string(FewestUnlabelled) +
                         " unlabelled rows to learn from beside " + labelled;
    }
    choice.epochs = choice.recipe == Recipe::Finetune && trainRows < FewestForHoldOut
                        ? EpochsOfFewRows
                        : defaultEpochs(choice.recipe, trainRows, unlabelledRows);
    return choice;
}

int defaultEpochs(engine::Recipe recipe, int64_t trainRows, int64_t unlabelledRows)
{
    if (recipe != engine::Recipe::SelfTraining)
        return recipe == engine::Recipe::Seconds ? 1 : engine::TrainingConfig().epochs;
    const auto rows = static_cast<double>(
        std::max<int64_t>(1, trainRows + std::min(unlabelledRows, static_cast<int64_t>(MostUnlabelled))));
    return 1 + static_cast<int>(std::clamp(std::round(2000 / rows), 1.0, 3.0));
}

}  // namespace core
