// SPDX-License-Identifier: Apache-2.0
// Attention of packed texts.
#pragma once

#include "core/nets/tensors.h"

namespace nets {

/// Lets each token attend to those of its own text: `qkv` [tokens, 3, heads, head size] -> [tokens, heads * head size].
/// `reach` > 0: to those at most so many places away. Neighbours of equal length go together; batches are sorted by
/// length, so there are few groups, and none needs a mask for padding.
[[nodiscard]] at::Tensor attendWithinTexts(const at::Tensor &qkv, const std::vector<int64_t> &lengths,
                                           int64_t reach = 0);

}  // namespace nets
