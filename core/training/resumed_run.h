// SPDX-License-Identifier: Apache-2.0
// Whether a run can go on as it began.
#pragma once

#include "core/store/run_store.h"
#include "core/training/train_options.h"

namespace core {

/// Hashes of the files that weights are read from, and of those that a tokenizer is read from: they tell a change, and
/// are no protection against forgery. An error where a file cannot be read.
struct BaseHashes {
    std::string weights, tokenizer;
};
[[nodiscard]] base::Result<BaseHashes> hashesOf(const std::filesystem::path &folder);

/// What the options ask for, to be recorded with the run (RunInfo::asked).
[[nodiscard]] std::string askedText(const TrainOptions &options);

/// Refuses (InvalidInput) what is asked otherwise than at the run's begin, and otherwise than the run has it, and names
/// it. What the options leave open is as recorded.
[[nodiscard]] base::Result<void> refuseOtherOptions(const Service &service, const RunInfo &run,
                                                    const TrainOptions &options);

/// Refuses to go on from other weights, or with another tokenizer, than the run began with. Runs of older versions have
/// recorded neither.
[[nodiscard]] base::Result<void> refuseOtherBase(const Service &service, const RunInfo &run);

}  // namespace core
