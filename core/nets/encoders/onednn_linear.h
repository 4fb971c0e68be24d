// SPDX-License-Identifier: Apache-2.0
// The product of layers by oneDNN, which libtorch holds beside MKL.
#pragma once

#include <ATen/core/Tensor.h>

namespace nets {

/// x W^T + bias, with its gradients, in float32 on the CPU: x [rows, in], weight [out, in], bias [out] or undefined.
/// Throws c10::Error where libtorch was built without oneDNN.
[[nodiscard]] at::Tensor oneDnnLinear(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias);

}  // namespace nets
