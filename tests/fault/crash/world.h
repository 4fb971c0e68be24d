// SPDX-License-Identifier: Apache-2.0
// What a crash round works on: a folder with a service and what its operations make, and its state as text.
#pragma once

#include "core/service/service.h"

#include <filesystem>
#include <string>

namespace crash {

/// FOLDER/service, FOLDER/out (exports, answers, new services).
struct World {
    std::filesystem::path folder;

    [[nodiscard]] std::filesystem::path service() const { return folder / "service"; }
    [[nodiscard]] std::filesystem::path out() const { return folder / "out"; }
};

/// A service for rounds about rows or about training (with one run).
[[nodiscard]] base::Result<void> makeWorld(const World &world, bool forTraining);

/// Every acknowledged fact as sorted lines: rows, classes, settings, applied edits, runs with their curves, answers
/// and checkpoint files, what lies under out(). Without times, and without `exceptRun`.
[[nodiscard]] base::Result<std::string> stateOf(const World &world, const std::string &exceptRun = {});

/// Damage in the data file, names of unfinished files, checkpoints that do not open; empty when all is well.
[[nodiscard]] std::string damageOf(const World &world);

/// Ids of the runs that may be resumed.
[[nodiscard]] base::Result<std::vector<std::string>> unfinishedRuns(const World &world);

/// Takes a service's data file back to version 1.
void makeOld(const std::filesystem::path &dataFile);

}  // namespace crash
