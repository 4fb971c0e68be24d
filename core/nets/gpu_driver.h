// SPDX-License-Identifier: Apache-2.0
// What the driver of an NVIDIA card says of it. libtorch's CPU headers do not tell.
#pragma once

#include <string>

namespace nets {

struct GpuFacts {
    std::string name;
    int capability = 0;  ///< major number of the compute capability: 8 is Ampere; 0: not known
};

/// Of the first card that this process may use. Asks libcuda itself, which is there wherever a card works.
[[nodiscard]] GpuFacts readGpuFacts();

}  // namespace nets
