// SPDX-License-Identifier: Apache-2.0
// Which number format matrix products are computed in.
#pragma once

#include "core/engine/config/training_config.h"

#include <c10/core/Device.h>

namespace nets {

/// Never Automatic: bfloat16 where it is wished for, or left open, and `device` is a GPU with units for it.
[[nodiscard]] engine::Precision resolved(engine::Precision wished, at::Device device);

/// The calling thread's matrix products on the GPU, while it lives, in bfloat16 (with sums in float32) or as they are.
/// Normalisations, softmax and losses stay in float32. Forward passes only; the way back follows by itself.
class PrecisionScope {
public:
    explicit PrecisionScope(engine::Precision precision);
    ~PrecisionScope();
    PrecisionScope(const PrecisionScope &) = delete;
    PrecisionScope &operator=(const PrecisionScope &) = delete;

private:
    bool m_isLow;
};

}  // namespace nets
