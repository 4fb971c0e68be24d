// SPDX-License-Identifier: Apache-2.0
// How a run has gone so far: what it recorded at its steps, what that says, and how long it will still take.
#pragma once

#include "core/store/run_store.h"

namespace core {

/// At a step, or rather at most a thousand of them a run.
struct StepPoint {
    int64_t step = 0;
    double pass = 0;  ///< passes done, with parts: 1.5 in the middle of the second
    double loss = 0;
    double smoothLoss = 0;  ///< mean of the losses before, the newest counting most
    double learningRate = 0;
    double gradientNorm = 0;   ///< 0: not known
    double rowsPerSecond = 0;  ///< since the pass began
    double memoryBytes = 0;    ///< 0: not known
    double seconds = 0;        ///< since the run began, time between interruptions left out; 0: not known
};

struct RunHistory {
    std::vector<StepPoint> points;
    int64_t totalSteps = 0;
    int headPasses = 0;  ///< of self-training the first one, which has no steps
};

[[nodiscard]] base::Result<RunHistory> readHistory(const RunStore &store, const RunInfo &run);

/// What an epoch was worth, as far as it is known.
struct PassScore {
    int epoch = 0;
    double heldOut = 0;  ///< share that is right, micro F1, or what RunInfo's metric is
    double heldOutLoss = 0;
    double trainLoss = 0;
};

/// Sentences about what the curves show, each with its figures; empty where nothing stands out.
[[nodiscard]] std::vector<std::string> notesOn(const RunHistory &history, const RunInfo &run,
                                               const std::vector<PassScore> &passes);

/// Seconds until the last pass is scored, from the speed of the newest steps and what scoring took between passes;
/// nothing before a twentieth of a pass, or where the run has recorded no times. `scoredShare`: rows that are scored
/// after each pass over those that are learned from in one; what scoring takes is guessed from it during the first.
[[nodiscard]] std::optional<double> secondsLeft(const RunHistory &history, const RunInfo &run, double scoredShare);

/// A line a point, with a head: step, pass, loss, ...
[[nodiscard]] std::string historyCsv(const RunHistory &history);

}  // namespace core
