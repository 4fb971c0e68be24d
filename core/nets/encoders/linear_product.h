// SPDX-License-Identifier: Apache-2.0
// The product that nearly all time of an encoder goes into.
#pragma once

#include <ATen/core/Tensor.h>

namespace nets {

/// x W^T + bias, with its gradients: x [rows, in], weight [out, in], bias [out] or undefined. On CPUs where libtorch's
/// default library (MKL) leaves the widest instructions unused, by oneDNN, the other one in libtorch; the choice
/// depends on the processor alone, so equal runs give equal bits on a machine.
[[nodiscard]] at::Tensor linearProduct(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias);

}  // namespace nets
