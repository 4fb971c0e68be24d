// SPDX-License-Identifier: Apache-2.0
// Batches that do not depend on one another, several at a time.
#pragma once

#include <c10/core/Device.h>
#include <cstddef>
#include <functional>

namespace nets {

/// Calls `compute` once with each batch from 0 to count - 1. False: it was stopped, whether or not batches were left.
/// On the CPU the calling thread's threads are divided among workers, each of which takes the next batch when it is
/// done with one: threads that share one product wait for the slowest of them at every layer, which beside busy
/// programs is one that has no core at the moment; workers wait for one another at the end alone. On a GPU the batches
/// are computed one after another.
/// `compute` is called from several threads at once. `goesOn` is called on the calling thread alone, after each of its
/// batches and at the end; once it is false, no batch is begun. The first exception of a batch is thrown here, after
/// all workers have ended. Where no more threads can be made, there are fewer workers.
[[nodiscard]] bool computeBatches(size_t count, c10::Device device, const std::function<void(size_t)> &compute,
                                  const std::function<bool()> &goesOn);

}  // namespace nets
