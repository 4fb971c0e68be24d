// SPDX-License-Identifier: Apache-2.0
// What runs take on the disk, and how they give it back.
#pragma once

#include "core/results/checkpoint_name.h"

#include <string>
#include <vector>

namespace core {

struct CheckpointFiles {
    int epoch = 0;
    bool isThere = false;  ///< else its scores and answers alone are kept
    int64_t bytes = 0;
};

struct RunFiles {
    std::string run;
    std::string state;  ///< see RunInfo; "unreadable" of an UnreadableRun, empty where no run points to the folder
    int64_t bytes = 0;  ///< of all its files
    std::vector<CheckpointFiles> checkpoints;
};

/// Of all trainings, oldest first; behind them folders that no run points to.
[[nodiscard]] base::Result<std::vector<RunFiles>> filesOfRuns(const Service &service);
/// Of one run's folder.
[[nodiscard]] int64_t bytesOfRun(const Service &service, const std::string &run);

/// Forgets a run with its folder, or removes a folder that no run points to; returns the bytes. Refused (Busy) while
/// it, or a run that began with one of its checkpoints, is at work, or a training is about to begin. NotFound: there is
/// neither.
[[nodiscard]] base::Result<int64_t> removeRun(const Service &service, const std::string &run);

/// The passes whose weights can go so that `keep` of them stay: the one that the run is used with, the last one, the
/// one that the user has chosen, those that unfinished runs began with, and of the rest the ones with the best scores.
[[nodiscard]] base::Result<std::vector<int>> passesToDrop(const Service &service, const RunInfo &run, int keep);

/// Removes them, as far as RunInfo::keep says; what cannot be removed stays.
void keepCheckpoints(const Service &service, const RunInfo &run);

struct Pruned {
    std::vector<CheckpointName> checkpoints;
    std::vector<std::string> folders;  ///< that no run points to
    int64_t bytes = 0;
    std::vector<base::Error> left{};  ///< what could not be removed; the rest was
};
/// The same for all runs but those at work; and what no run points to goes. With `onlyLooks` it is only said. Busy
/// while a training is about to begin. Links, and what they lead to, stay.
[[nodiscard]] base::Result<Pruned> pruneRuns(const Service &service, int keep, bool onlyLooks);

}  // namespace core
