// SPDX-License-Identifier: Apache-2.0
// What a training will take on this machine, measured on a part of its rows before it begins.
#pragma once

#include "core/base/progress.h"
#include "core/training/train_options.h"

namespace core {

/// How fast this machine computes with some weights under some settings, other work beside it included.
struct TrainingSpeed {
    double read = 0;   ///< tokens a second through all layers
    double learn = 0;  ///< tokens a second forwards and back, with the step; 0 where nothing learns but a head
};

struct TrainingCost {
    std::string recipe;      ///< what Automatic would take
    int64_t rows = 0;        ///< labelled, in a pass
    int64_t unlabelled = 0;  ///< learned from as well
    int epochs = 0;          ///< checkpoints
    bool crossValidates = false;
    double seconds = 0;       ///< without cross-validation that ends sooner or passes that patience saves
    int64_t memoryBytes = 0;  ///< at the peak, this program's own; 0 on a GPU, where it is the card's
    int64_t diskBytes = 0;    ///< at the peak; what a training state takes goes again at the end
    TrainingSpeed speed;
};

/// Plans as train() does, then reads and learns from some of the rows for a second or two, writes nothing, and reckons.
/// `known`: a speed measured before under the same settings, so that nothing need be computed.
[[nodiscard]] base::Result<TrainingCost> estimateTraining(const Service &service, const TrainOptions &options,
                                                          const base::WorkContext &context,
                                                          const TrainingSpeed *known = nullptr);

}  // namespace core
