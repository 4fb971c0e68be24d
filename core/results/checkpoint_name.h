// SPDX-License-Identifier: Apache-2.0
// Checkpoints by name: RUN/EPOCH, or "best".
#pragma once

#include "core/service/service.h"
#include "core/store/run_store.h"

#include <optional>

namespace core {

struct CheckpointName {
    std::string run;
    int epoch = 0;  ///< 0: the exam of a teacher, which has no weights

    /// RUN/EPOCH; of an exam its name alone.
    [[nodiscard]] std::string text() const { return epoch == 0 ? run : run + "/" + std::to_string(epoch); }
    [[nodiscard]] bool isExam() const { return epoch == 0; }
};

/// Finds a checkpoint that is there, or the best one by the word "best". Its weights can be used.
[[nodiscard]] base::Result<CheckpointName> resolveCheckpoint(const Service &service, const std::string &text);

/// The same, or the exam of a teacher by its name: what has answers that can be looked at.
[[nodiscard]] base::Result<CheckpointName> resolveAnswers(const Service &service, const std::string &text);

/// The one with the highest held-out or cross-validated accuracy of all complete runs, the newest of equals; the test
/// split has no say. Nothing while no run is complete.
[[nodiscard]] base::Result<std::optional<CheckpointName>> bestCheckpoint(const RunStore &store,
                                                                         const ExampleStore &examples);

/// The one that the user chose for use, while it is there; else the best.
[[nodiscard]] base::Result<CheckpointName> checkpointInUse(const Service &service);
[[nodiscard]] base::Result<void> chooseCheckpoint(const Service &service, const CheckpointName &name);

}  // namespace core
