// SPDX-License-Identifier: Apache-2.0
// How much memory this process has and may still take.
#pragma once

#include <cstdint>
#include <filesystem>

namespace base {

/// Bytes: the least of what the machine has left without swapping, what the process's control group allows, and its
/// own limits (RLIMIT_AS, RLIMIT_DATA). The largest number there is where nothing says.
[[nodiscard]] int64_t availableMemory();

/// Bytes that control groups (version 2) leave to the one with this folder: the least over it and those above it, up to
/// `root`. Files that were read and not used since (page cache) count as free: they go when something else needs the
/// memory. The largest number there is where nothing limits it.
[[nodiscard]] int64_t leftInControlGroup(const std::filesystem::path &folder, const std::filesystem::path &root);

/// Bytes of memory that this process holds now; 0 where nothing says.
[[nodiscard]] int64_t heldMemory();

}  // namespace base
