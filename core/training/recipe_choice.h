// SPDX-License-Identifier: Apache-2.0
// What the recipe "automatic" stands for, given the rows.
#pragma once

#include "core/engine/config/training_config.h"

#include <string>

namespace core {

/// What there is to learn from, as far as training uses it.
struct RowCounts {
    int64_t train = 0;  ///< labelled
    int64_t unlabelled = 0;
    int64_t classes = 0;
};

/// Fewer train rows than this are too few to hold a part out: cross-validation chooses.
constexpr int64_t FewestForHoldOut = 200;

/// Adapters start from nothing and want larger steps than weights do.
constexpr double LoraLearningRate = 1e-3;

struct RecipeChoice {
    engine::Recipe recipe = engine::Recipe::Finetune;
    int epochs = 0;
    std::string because;  ///< a sentence
};

/// A fixed order, tuned on small draws of public sets of other texts (`stillroom-bench quality`); what the user's own
/// rows say comes later: cross-validation picks among the passes.
[[nodiscard]] RecipeChoice chooseRecipe(const RowCounts &rows, engine::TaskType task);

/// Where nobody says how many: of self-training the head, and as many passes as make 250 rows a class, at least some
/// 2,000 and at most three passes.
[[nodiscard]] int defaultEpochs(engine::Recipe recipe, const RowCounts &rows);

/// So many of the unlabelled rows are read, spread over all: 2,000, by self-training of many classes up to 10,000.
[[nodiscard]] int64_t unlabelledRead(engine::Recipe recipe, const RowCounts &rows);

}  // namespace core
