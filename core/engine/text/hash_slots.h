// SPDX-License-Identifier: Apache-2.0
// Where a number lies in a table with open addressing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace engine {

/// The first place to look at for `key` among `slots`, a power of two (Fibonacci hashing, Knuth, volume 3).
inline size_t slotOf(uint64_t key, size_t slots)
{
    const uint64_t mixed = key * 0x9E3779B97F4A7C15ULL;
    return (mixed ^ (mixed >> 32)) & (slots - 1);
}

}  // namespace engine
