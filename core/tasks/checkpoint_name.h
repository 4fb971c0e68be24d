// SPDX-License-Identifier: Apache-2.0
// Checkpoints by name: RUN/EPOCH, or "best".
#pragma once

#include "core/service/service.h"

namespace core {

struct CheckpointName {
    std::string run;
    int epoch = 0;

    [[nodiscard]] std::string text() const { return run + "/" + std::to_string(epoch); }
};

/// Whether a name can be a run's: it becomes a folder.
[[nodiscard]] bool isRunName(const std::string &name);

/// Finds a checkpoint that is there. "best" is the one with the highest held-out or cross-validated accuracy of all
/// complete runs, the newest of equals; the test split has no say.
[[nodiscard]] base::Result<CheckpointName> resolveCheckpoint(const Service &service, const std::string &text);

/// The one that the user chose for use, while it is there; else the best.
[[nodiscard]] base::Result<CheckpointName> checkpointInUse(const Service &service);
[[nodiscard]] base::Result<void> chooseCheckpoint(const Service &service, const CheckpointName &name);

}  // namespace core
