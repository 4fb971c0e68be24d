// SPDX-License-Identifier: Apache-2.0
// Dropout with randomness of its own, so that nothing else in the process changes a run.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace nets {

/// Zeroes each value with a probability and scales the others so that the mean stays (Srivastava et al. 2014).
/// A mask depends on the seed and on how many came before it alone, on the CPU not even on the number of threads.
class Dropout {
public:
    Dropout(double probability, at::Device device);

    /// Masks as if none had been drawn yet.
    void restart(uint64_t seed);

    [[nodiscard]] at::Tensor apply(const at::Tensor &x) { return apply(x, m_probability); }
    /// By another probability.
    [[nodiscard]] at::Tensor apply(const at::Tensor &x, double probability);

    /// How many masks have been drawn since the start. From an earlier place the same masks come again.
    [[nodiscard]] uint64_t place() const { return m_calls; }
    void goTo(uint64_t place) { m_calls = place; }

private:
    [[nodiscard]] at::Tensor nextMask(const at::Tensor &x, double probability);

    double m_probability;
    at::Generator m_gpuGenerator;  ///< undefined on the CPU
    uint64_t m_seed = 0;
    uint64_t m_calls = 0;
};

/// Null: no dropout.
[[nodiscard]] inline at::Tensor applied(Dropout *dropout, const at::Tensor &x)
{
    return dropout ? dropout->apply(x) : x;
}

}  // namespace nets
