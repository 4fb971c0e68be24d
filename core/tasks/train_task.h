// SPDX-License-Identifier: Apache-2.0
// One training run: from the rows of a service to checkpoints with scores.
#pragma once

#include "core/base/progress.h"
#include "core/engine/eval/learning_curve.h"
#include "core/service/service.h"
#include "core/store/run_store.h"
#include "core/training/train_options.h"

namespace core {

struct TrainOutcome {
    RunInfo run;
    std::vector<CheckpointInfo> checkpoints;
    engine::LearningCurve curve;     ///< see engine::TrainSummary
    std::vector<std::string> notes;  ///< sentences about what was done differently than asked
    std::string automatic;           ///< why Automatic chose the run's recipe; empty: the recipe was asked for
};

/// Told of each epoch as it is done.
using EpochListener = std::function<void(const CheckpointInfo &)>;

/// Blocks until the run has ended. Refuses when findings block. A stop keeps the finished epochs, leaves the run
/// "stopped" and returns Cancelled. Refuses (DiskFull) what does not fit on the disk, and to go on with a run whose
/// base weights or tokenizer have changed since. The test split never chooses anything: with 200 train rows or more a
/// held-out part of them does, below that stratified cross-validation.
[[nodiscard]] base::Result<TrainOutcome> train(const Service &service, const TrainOptions &options,
                                               const base::WorkContext &context, const EpochListener &onEpoch = {});

}  // namespace core
