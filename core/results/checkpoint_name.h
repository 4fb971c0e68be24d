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

/// Whether the weights of a checkpoint lie in the folder of its service. What was deleted, or dropped to save space,
/// keeps its scores and answers.
[[nodiscard]] bool isThere(const std::filesystem::path &service, const CheckpointName &name);

/// Finds a checkpoint that is there, or the best one by the word "best". Its weights can be used.
[[nodiscard]] base::Result<CheckpointName> resolveCheckpoint(const Service &service, const std::string &text);

/// The same, also by the folder of its weights; absolute, or from where the program stands.
[[nodiscard]] base::Result<CheckpointName> resolveNameOrFolder(const Service &service, const std::string &text);

/// What has answers that can be looked at: the same, the exam of a teacher by its name, or a checkpoint whose weights
/// are gone.
[[nodiscard]] base::Result<CheckpointName> resolveAnswers(const Service &service, const std::string &text);

/// The pass that a run is used with, of those that are there: the one that was chosen at its end, else by what it has
/// scored so far, see choosePass(). 0: none is there.
[[nodiscard]] int usedPass(const std::filesystem::path &service, const RunInfo &run,
                           const std::vector<CheckpointInfo> &checkpoints);

/// The one with the highest held-out or cross-validated accuracy of all runs, the newest of equals; the test split has
/// no say. What a run had finished before it was stopped, killed or failed counts like the rest; what one has that is
/// at work counts while there is nothing else. Nothing where no weights are there. `service`: the folder.
[[nodiscard]] base::Result<std::optional<CheckpointName>>
bestCheckpoint(const std::filesystem::path &service, const RunStore &store, const ExampleStore &examples);

/// The one that the user chose for use, while it is there; else the best.
[[nodiscard]] base::Result<CheckpointName> checkpointInUse(const Service &service);
[[nodiscard]] base::Result<void> chooseCheckpoint(const Service &service, const CheckpointName &name);

}  // namespace core
