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

/// Token ids of some texts one after another, without padding: the linear layers, where nearly all time goes, see
/// real tokens only (as in "unpadding", Zeng et al., 2022).
struct PackedBatch {
    at::Tensor ids;                ///< int64 [tokens]
    at::Tensor positions;          ///< int64 [tokens], of each token in its text
    at::Tensor starts;             ///< int64 [rows], of each text's first token
    at::Tensor averaging;          ///< float32 [rows, tokens]: times the states, the mean state of each text
    std::vector<int64_t> lengths;  ///< [rows], at least 1
};

/// `rows` are indices into `texts`, at least one. A text without tokens counts as the one token 0.
[[nodiscard]] PackedBatch packBatch(const std::vector<engine::TokenIds> &texts, std::span<const size_t> rows,
                                    at::Device device);

[[nodiscard]] std::vector<int> lengthsOf(const std::vector<engine::TokenIds> &texts);

}  // namespace nets
