// SPDX-License-Identifier: Apache-2.0
// How much memory this process has and may still take.
#pragma once

#include <cstdint>

namespace base {

/// Bytes: the least of what the machine has left without swapping, what the process's control group allows, and its
/// own limits (RLIMIT_AS, RLIMIT_DATA). The largest number there is where nothing says.
[[nodiscard]] int64_t availableMemory();

/// Bytes of memory that this process holds now; 0 where nothing says.
[[nodiscard]] int64_t heldMemory();

}  // namespace base
