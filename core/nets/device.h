// SPDX-License-Identifier: Apache-2.0
// Where tensors live: the GPU when its libraries and a card are there, else the CPU.
#pragma once

#include "core/engine/nets_interface.h"

#include <c10/core/Device.h>
#include <exception>

namespace nets {

/// Decided once a process. $STILLROOM_DEVICE=cpu keeps to the CPU.
[[nodiscard]] c10::Device computeDevice();

[[nodiscard]] engine::DeviceInfo describeDevice();

/// Tokens of a batch when texts are read only: on the CPU, where each thread has a batch of its own, what stays in a
/// core's cache; more for a GPU to be busy.
[[nodiscard]] inline int tokensAtOnce(c10::Device device)
{
    return device.is_cpu() ? 512 : 16384;
}

/// Whether an exception says that an allocation failed, on the CPU or the GPU.
[[nodiscard]] bool isOutOfMemory(const std::exception &error);

/// Sets how many threads the calling thread's tensor work uses, and says how many it were; 0 changes nothing.
/// Must be the first line of every worker: no other thread's work is touched.
int useThreads(int threads);

/// Another number of threads for a while.
class ThreadScope {
public:
    explicit ThreadScope(int threads) : m_before(useThreads(threads)) { }
    ~ThreadScope() { useThreads(m_before); }
    ThreadScope(const ThreadScope &) = delete;
    ThreadScope &operator=(const ThreadScope &) = delete;

private:
    int m_before;
};

}  // namespace nets
