// SPDX-License-Identifier: Apache-2.0
#include "core/training/recipe_choice.h"

#include "core/base/counted.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

/// Fewer unlabelled rows than this add little to learn from.
constexpr int64_t FewestUnlabelled = 100;
/// Of so many labelled rows on, the unlabelled ones that a training reads are the smaller part.
constexpr int64_t ManyLabelled = 2000;
/// What the passes of self-training bring in all: fewer leave something, more bring nothing on average.
constexpr int64_t FewestLearned = 2000;
constexpr int64_t RowsPerClass = 250;
constexpr int64_t MostUnlabelled = 10'000;
/// Where cross-validation picks one: each pass is short.
constexpr int EpochsOfFewRows = 8;

}  // namespace

RecipeChoice chooseRecipe(const RowCounts &rows, engine::TaskType task)
{
    using engine::Recipe;
    const auto labelled = base::counted(rows.train, "labelled row", "labelled rows");
    RecipeChoice choice;
    if (task == engine::TaskType::MultiLabel) {
        choice.because = "texts may have several classes, so all weights learn from the labelled rows";
    } else if (rows.train >= ManyLabelled) {
        choice.because = labelled + " are enough for all weights to learn from them alone";
    } else if (rows.unlabelled >= FewestUnlabelled) {
        choice.recipe = Recipe::SelfTraining;
        choice.because = "beside " + labelled + " there are " +
                         base::counted(rows.unlabelled, "unlabelled row", "unlabelled rows") + " to learn from";
    } else {
        choice.because = "there are fewer than " + std::to_string(FewestUnlabelled) +
                         " unlabelled rows to learn from beside " + labelled;
    }
    choice.epochs = choice.recipe == Recipe::Finetune && rows.train < FewestForHoldOut
                        ? EpochsOfFewRows
                        : defaultEpochs(choice.recipe, rows);
    return choice;
}

int defaultEpochs(engine::Recipe recipe, const RowCounts &rows)
{
    if (recipe != engine::Recipe::SelfTraining)
        return recipe == engine::Recipe::Seconds ? 1 : engine::TrainingConfig().epochs;
    const auto pass = static_cast<double>(std::max<int64_t>(1, rows.train + unlabelledRead(recipe, rows)));
    const auto wanted = static_cast<double>(std::max(FewestLearned, RowsPerClass * rows.classes));
    return 1 + static_cast<int>(std::clamp(std::round(wanted / pass), 1.0, 3.0));
}

int64_t unlabelledRead(engine::Recipe recipe, const RowCounts &rows)
{
    if (!engine::readsUnlabelled(recipe))
        return 0;
    const int64_t most = recipe == engine::Recipe::SelfTraining
                             ? std::clamp(RowsPerClass / 2 * rows.classes, FewestLearned, MostUnlabelled)
                             : FewestLearned;
    return std::min(rows.unlabelled, most);
}

}  // namespace core
