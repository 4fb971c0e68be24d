// SPDX-License-Identifier: Apache-2.0
// What the recipe "automatic" stands for, given the rows.
#pragma once

#include "core/engine_types.h"

#include <string>

namespace core {

struct RecipeChoice {
    engine::Recipe recipe = engine::Recipe::Finetune;
    std::string because;  ///< a sentence
};

/// Counts of rows, as far as training uses them. A fixed order, tuned on small draws of public sets of other texts
/// (`stillroom-bench quality`); what the user's own rows say comes later: cross-validation picks among the passes.
[[nodiscard]] RecipeChoice chooseRecipe(int64_t trainRows, int64_t unlabelledRows, engine::TaskType task);

}  // namespace core
