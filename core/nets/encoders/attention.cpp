// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/attention.h"

#include <ATen/ops/_efficient_attention_forward.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
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

/// One kernel for texts of all lengths (Lefaudeux et al., xFormers, 2022): many small ones are what a GPU is slow at.
at::Tensor attendOnGpu(const at::Tensor &qkv, const std::vector<int64_t> &lengths)
{
    auto ends = at::empty({static_cast<int64_t>(lengths.size()) + 1}, at::kInt);
    auto *end = ends.data_ptr<int32_t>();
    *end = 0;
    for (const int64_t length : lengths) {
        end[1] = end[0] + static_cast<int32_t>(length);
        ++end;
    }
    ends = ends.to(qkv.device());
    const int64_t longest = *std::max_element(lengths.begin(), lengths.end());
    const auto part = [&](int64_t i) { return qkv.select(1, i).unsqueeze(0); };
    constexpr int64_t NoMask = 0;
    const auto attended =
        std::get<0>(at::_efficient_attention_forward(part(0), part(1), part(2), {}, ends, ends, longest, longest,
                                                     /*dropout_p=*/0, NoMask, /*compute_log_sumexp=*/true));
    return attended.reshape({qkv.size(0), qkv.size(2) * qkv.size(3)});
}

}  // namespace

at::Tensor attendWithinTexts(const at::Tensor &qkv, const std::vector<int64_t> &lengths, int64_t reach)
{
    constexpr int64_t KernelStep = 8;  // what the kernel wants sizes of heads to be multiples of
    if (qkv.is_cuda() && reach == 0 && qkv.size(3) % KernelStep == 0)
        return attendOnGpu(qkv, lengths);
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
