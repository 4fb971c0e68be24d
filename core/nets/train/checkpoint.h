// SPDX-License-Identifier: Apache-2.0
// What a run keeps after each epoch, and how it goes on after an interruption.
#pragma once

#include "core/nets/sequence_classifier.h"
#include "core/nets/train/adamw.h"
#include "core/nets/train/lora.h"

namespace nets {

/// Where a run stands. With equal config, rows and threads, going on from here is bit-identical to never having
/// stopped: randomness is derived from seed and step, so it needs no state.
struct TrainingState {
    int epoch = 0;
    int64_t step = 0;
    double seconds = 0;
    double l2 = 0;
    double extraWeight = 0;
};

/// What of a run is in memory.
struct Learned {
    SequenceClassifier &classifier;
    AdamW &optimiser;
    LoraAdapters *adapters = nullptr;  ///< null: weights themselves learn
};

/// Writes checkpoints/<epoch>/ atomically, with the training state inside, then removes the state of older epochs.
/// Adapters are to be merged; they are also written apart, to adapter/.
[[nodiscard]] base::Result<void> writeCheckpoint(const std::filesystem::path &checkpoints, const TrainingState &state,
                                                 const Learned &learned, const engine::TrainRequest &request,
                                                 const engine::Calibration &calibration);

/// The newest epoch folder that holds a complete training state; 0 when there is none.
[[nodiscard]] int newestResumableEpoch(const std::filesystem::path &checkpoints);

/// Reads the state beside `epoch`'s weights: the optimiser's moments in place, the head before temperature, and the
/// adapters.
[[nodiscard]] base::Result<TrainingState> readTrainingState(const std::filesystem::path &checkpoints, int epoch,
                                                            const Learned &learned);

/// Drops the training state of all epochs: the run is complete.
void removeTrainingStates(const std::filesystem::path &checkpoints, int exceptEpoch = 0);

}  // namespace nets
