// SPDX-License-Identifier: Apache-2.0
// What is asked of a training.
#pragma once

#include "core/service/training_settings.h"

#include <optional>
#include <string>

namespace core {

struct TrainOptions {
    std::string recipe = "automatic";  ///< automatic (see chooseRecipe), or a name of engine::Recipe
    std::string base;                  ///< catalogue name, folder, or RUN/EPOCH; empty: the default weights
    TrainingSettings settings;         ///< over the service's own, which are over the defaults
    std::string name;                  ///< of the run; empty: the recipe's
    std::string resume;                ///< a run to go on with, as it was recorded; what is asked otherwise is refused
    int threads = 0;                   ///< 0: all cores
    bool anyway = false;               ///< classes without rows do not stop the training, and are not learned
    std::optional<int> keep{};         ///< see RunInfo::keep; a run that goes on may change it
};

}  // namespace core
