// SPDX-License-Identifier: Apache-2.0
// How many cores this process may use.
#pragma once

#include "core/base/control_group.h"

namespace base {

constexpr int MostCores = 1024;

/// The least of the cores that the process may run on, what its control groups allow, rounded up, and limitCores(); at
/// least 1. From any thread.
[[nodiscard]] int usableCores();

/// From now on this process uses so many at most; 0: all that it may.
void limitCores(int most);

/// Cores that the quotas of a group and those above it allow: cpu.max (version 2) or cpu.cfs_quota_us (version 1).
/// Infinity where nothing limits it.
[[nodiscard]] double coresIn(const ControlGroup &group);

}  // namespace base
