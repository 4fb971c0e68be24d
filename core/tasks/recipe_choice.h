// SPDX-License-Identifier: Apache-2.0
// What the recipe "automatic" stands for, given the rows.
#pragma once

#include "core/engine_types.h"

#include <string>

namespace core {

/// So many unlabelled rows a training reads at most.
constexpr size_t MostUnlabelled = 2000;

/// Fewer train rows than this are too few to hold a part out: cross-validation chooses.
constexpr int64_t FewestForHoldOut = 200;

/// Adapters start from nothing and want larger steps than weights do.
constexpr double LoraLearningRate = 1e-3;

struct RecipeChoice {
    engine::Recipe recipe = engine::Recipe::Finetune;
    int epochs = 0;
    std::string because;  ///< a sentence
};

/// Counts of rows, as far as training uses them. A fixed order, tuned on small draws of public sets of other texts
/// (`stillroom-bench quality`); what the user's own rows say comes later: cross-validation picks among the passes.
[[nodiscard]] RecipeChoice chooseRecipe(int64_t trainRows, int64_t unlabelledRows, engine::TaskType task);

/// Where nobody says how many: of self-training the head, and as many passes as make some 2,000 rows, at most three;
/// more bring nothing on average.
[[nodiscard]] int defaultEpochs(engine::Recipe recipe, int64_t trainRows, int64_t unlabelledRows);

}  // namespace core
