// SPDX-License-Identifier: Apache-2.0
// Where tensors live: the GPU when its libraries and a card are there, else the CPU.
#pragma once

#include "core/engine/nets_interface.h"

#include <c10/core/Device.h>

namespace nets {

/// Decided once a process. $STILLROOM_DEVICE=cpu keeps to the CPU.
[[nodiscard]] c10::Device computeDevice();

[[nodiscard]] engine::DeviceInfo describeDevice();

/// Must be the first line of every worker: libtorch keeps a thread count for each calling thread.
void useThreads(int threads);

}  // namespace nets
