// SPDX-License-Identifier: Apache-2.0
// What fits on the disk.
#pragma once

#include "core/engine/config/memory_estimate.h"
#include "core/store/run_store.h"

#include <filesystem>

namespace core {

/// Bytes that a training takes at its peak, from `done` finished passes on, where only RunInfo::keep checkpoints stay.
[[nodiscard]] int64_t diskOfRun(const engine::EncoderConfig &encoder, const RunInfo &run,
                                const engine::TextSizes &texts, int done = 0);

/// Refuses (DiskFull) what does not fit where `folder` lies; where it only just fits, a sentence that says so.
[[nodiscard]] base::Result<std::string> noteOnDisk(int64_t bytes, const std::filesystem::path &folder);

/// "3 kB", "12 MB", "1.4 GB".
[[nodiscard]] std::string sizeText(int64_t bytes);

}  // namespace core
