// SPDX-License-Identifier: Apache-2.0
// Between plain structs and tensors.
#pragma once

#include "core/engine/nets_interface.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <span>

namespace nets {

/// float32 tensor of the matrix's shape; copies.
[[nodiscard]] at::Tensor toTensor(const engine::Matrix &matrix);

/// float32 vector; copies.
[[nodiscard]] at::Tensor toTensor(const std::vector<float> &values);

/// Any 2-D tensor, on any device, as float32.
[[nodiscard]] engine::Matrix toMatrix(const at::Tensor &tensor);

/// Token ids of some texts, padded on the right to the longest.
struct PaddedBatch {
    at::Tensor ids;      ///< int64 [rows, width]
    at::Tensor mask;     ///< bool [rows, width], true on tokens; undefined when nothing is padded
    at::Tensor lengths;  ///< float32 [rows, 1]
};

/// `rows` are indices into `texts`. Padding repeats id 0: the mask hides it.
[[nodiscard]] PaddedBatch padBatch(const std::vector<engine::TokenIds> &texts, std::span<const size_t> rows,
                                   at::Device device);

[[nodiscard]] std::vector<int> lengthsOf(const std::vector<engine::TokenIds> &texts);

}  // namespace nets
