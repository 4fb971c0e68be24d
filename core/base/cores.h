// SPDX-License-Identifier: Apache-2.0
// How many cores this process may use.
#pragma once

#include "core/base/control_group.h"

namespace base {

/// The least of the cores that the process may run on and what its control groups allow, rounded up; at least 1.
[[nodiscard]] int usableCores();

/// Cores that the quotas of a group and those above it allow: cpu.max (version 2) or cpu.cfs_quota_us (version 1).
/// Infinity where nothing limits it.
[[nodiscard]] double coresIn(const ControlGroup &group);

}  // namespace base
