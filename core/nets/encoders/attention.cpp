// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/attention.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/split_with_sizes.h>
#include <algorithm>
#include <optional>

namespace nets {

namespace {

struct Group {
    int64_t rows, length;
};

at::Tensor attendGroup(const at::Tensor &qkv, const Group &group, int64_t reach)
{
    const int64_t heads = qkv.size(2), headSize = qkv.size(3);
    const auto parts = qkv.view({group.rows, group.length, 3, heads, headSize}).permute({2, 0, 3, 1, 4});
    std::optional<at::Tensor> near;
    if (reach > 0 && group.length > reach + 1) {
        const auto places = at::arange(group.length, qkv.options().dtype(at::kLong));
        near = (places.unsqueeze(0) - places.unsqueeze(1)).abs().le(reach);
    }
    const auto attended =
        at::scaled_dot_product_attention(parts.select(0, 0), parts.select(0, 1), parts.select(0, 2), near);
    return attended.transpose(1, 2).reshape({group.rows * group.length, heads * headSize});
}

}  // namespace

at::Tensor attendWithinTexts(const at::Tensor &qkv, const std::vector<int64_t> &lengths, int64_t reach)
{
    std::vector<Group> groups;
    for (const int64_t length : lengths) {
        if (groups.empty() || groups.back().length != length)
            groups.push_back({0, length});
        ++groups.back().rows;
    }
    if (groups.size() == 1)
        return attendGroup(qkv, groups.front(), reach);
    std::vector<int64_t> sizes(groups.size());
    std::transform(groups.begin(), groups.end(), sizes.begin(), [](const Group &g) { return g.rows * g.length; });
    auto parts = qkv.split_with_sizes(sizes);
    for (size_t i = 0; i < groups.size(); ++i)
        parts[i] = attendGroup(parts[i], groups[i], reach);
    return at::cat(parts);
}

}  // namespace nets
