// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/linear_product.h"

#include "core/nets/encoders/onednn_linear.h"
#include "core/nets/encoders/product_library.h"

#include <ATen/ops/linear.h>

namespace nets {

namespace {

/// Small ones are not worth the way through another library.
constexpr int64_t FewestWeights = 64 * 64;

bool takesOneDnn(const at::Tensor &x, const at::Tensor &weight)
{
    return x.is_cpu() && x.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat && x.dim() == 2 &&
           weight.numel() >= FewestWeights && productLibrary() == ProductLibrary::OneDnn;
}

}  // namespace

at::Tensor linearProduct(const at::Tensor &x, const at::Tensor &weight, const at::Tensor &bias)
{
    return takesOneDnn(x, weight) ? oneDnnLinear(x, weight, bias) : at::linear(x, weight, bias);
}

}  // namespace nets
