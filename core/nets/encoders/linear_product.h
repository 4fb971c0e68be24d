// SPDX-License-Identifier: Apache-2.0
// The product that nearly all time of an encoder goes into.
#pragma once

#include <ATen/core/Tensor.h>

namespace nets {

/// x W^T + bias, with its gradients: x [rows, in], weight [out, in], bias [out] or undefined. By the library that is
/// faster on this machine, see product_library.h.
[[nodiscard]] at::Tensor linearProduct(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias);

}  // namespace nets
