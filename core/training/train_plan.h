// SPDX-License-Identifier: Apache-2.0
// What a training would do, before anything is computed.
#pragma once

#include "core/store/run_store.h"
#include "core/training/train_options.h"

namespace core {

struct TrainPlan {
    RunInfo info;                    ///< classes, base weights and every setting; not in the store yet
    std::vector<std::string> notes;  ///< what is done differently than asked
    std::string automatic;           ///< why Automatic chose the recipe; empty: it was asked for
};

/// The options over the service's own settings over the defaults, and by the rows there are what is left open.
[[nodiscard]] base::Result<TrainPlan> planTraining(const Service &service, const TrainOptions &options);

/// Where the weights are that a run begins with: those of a checkpoint RUN/EPOCH, a catalogue name, or a folder.
[[nodiscard]] base::Result<std::filesystem::path> baseFolder(const Service &service, const RunInfo &run);

}  // namespace core
