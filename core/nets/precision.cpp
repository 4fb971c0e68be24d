// SPDX-License-Identifier: Apache-2.0
#include "core/nets/precision.h"

#include "core/nets/gpu_driver.h"

#include <ATen/autocast_mode.h>

using engine::Precision;

namespace nets {

Precision resolved(Precision wished, at::Device device, int hiddenSize)
{
    constexpr int Ampere = 8;  // the first with units for bfloat16
    constexpr int LargeHiddenSize = 1024;
    const bool isWanted =
        wished == Precision::BFloat16 || (wished == Precision::Automatic && hiddenSize >= LargeHiddenSize);
    return isWanted && device.is_cuda() && readGpuFacts().capability >= Ampere ? Precision::BFloat16
                                                                               : Precision::Float32;
}

PrecisionScope::PrecisionScope(Precision precision) : m_isLow(precision == Precision::BFloat16)
{
    if (!m_isLow)
        return;
    at::autocast::increment_nesting();
    at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16);
    at::autocast::set_autocast_enabled(at::kCUDA, true);
}

PrecisionScope::~PrecisionScope()
{
    if (!m_isLow)
        return;
    at::autocast::set_autocast_enabled(at::kCUDA, false);
    if (at::autocast::decrement_nesting() == 0)
        at::autocast::clear_cache();  // weights as they were cast: the optimiser changes them
}

}  // namespace nets
