// SPDX-License-Identifier: Apache-2.0
// Which number format matrix products are computed in.
#pragma once

#include "core/engine/config/training_config.h"

#include <c10/core/Device.h>

namespace nets {

/// Never Automatic. bfloat16 needs a GPU with units for it; left open, it is taken for weights from a hidden size of
/// 1024 on: for those of BERT-base (768) and smaller, starting the kernels takes the time, and casting adds to it (on
/// an H200, short texts, 32 a batch: 756 rows/s against 964 in float32).
[[nodiscard]] engine::Precision resolved(engine::Precision wished, at::Device device, int hiddenSize);

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
