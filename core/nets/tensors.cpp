// SPDX-License-Identifier: Apache-2.0
#include "core/nets/tensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cstring>
#include <numeric>

namespace nets {

at::Tensor toTensor(const engine::Matrix &matrix)
{
    auto tensor = at::empty({static_cast<int64_t>(matrix.rows), static_cast<int64_t>(matrix.columns)}, at::kFloat);
    if (!matrix.values.empty())
        std::memcpy(tensor.data_ptr<float>(), matrix.values.data(), matrix.values.size() * sizeof(float));
    return tensor;
}

at::Tensor toTensor(const std::vector<float> &values)
{
    auto tensor = at::empty({static_cast<int64_t>(values.size())}, at::kFloat);
    std::copy(values.begin(), values.end(), tensor.data_ptr<float>());
    return tensor;
}

engine::Matrix toMatrix(const at::Tensor &tensor)
{
    const auto plain = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    engine::Matrix matrix(static_cast<size_t>(plain.size(0)), static_cast<size_t>(plain.size(1)));
    if (!matrix.values.empty())
        std::memcpy(matrix.values.data(), plain.data_ptr<float>(), matrix.values.size() * sizeof(float));
    return matrix;
}

PackedBatch packBatch(const std::vector<engine::TokenIds> &texts, std::span<const size_t> rows, at::Device device)
{
    PackedBatch batch;
    int64_t tokens = 0;
    for (const size_t row : rows)
        tokens += batch.lengths.emplace_back(std::max<int64_t>(1, static_cast<int64_t>(texts[row].size())));
    const auto count = static_cast<int64_t>(rows.size());
    batch.ids = at::zeros({tokens}, at::kLong);
    batch.positions = at::empty({tokens}, at::kLong);
    batch.starts = at::empty({count}, at::kLong);
    batch.averaging = at::zeros({count, tokens}, at::kFloat);
    int64_t start = 0;
    for (int64_t i = 0; i < count; ++i) {
        const auto &text = texts[rows[static_cast<size_t>(i)]];
        const int64_t length = batch.lengths[static_cast<size_t>(i)];
        std::copy(text.begin(), text.end(), batch.ids.data_ptr<int64_t>() + start);
        std::iota(batch.positions.data_ptr<int64_t>() + start, batch.positions.data_ptr<int64_t>() + start + length,
                  int64_t{0});
        batch.starts.data_ptr<int64_t>()[i] = start;
        std::fill_n(batch.averaging.data_ptr<float>() + i * tokens + start, length, 1.0F / static_cast<float>(length));
        start += length;
    }
    for (at::Tensor *tensor : {&batch.ids, &batch.positions, &batch.starts, &batch.averaging})
        *tensor = tensor->to(device);
    return batch;
}

std::vector<int> lengthsOf(const std::vector<engine::TokenIds> &texts)
{
    std::vector<int> lengths(texts.size());
    std::transform(texts.begin(), texts.end(), lengths.begin(),
                   [](const auto &t) { return static_cast<int>(t.size()); });
    return lengths;
}

}  // namespace nets
