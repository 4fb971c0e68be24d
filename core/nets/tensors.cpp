// SPDX-License-Identifier: Apache-2.0
#include "core/nets/tensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cstring>

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

PaddedBatch padBatch(const std::vector<engine::TokenIds> &texts, std::span<const size_t> rows, at::Device device)
{
    size_t width = 1;
    bool padded = false;
    for (const size_t row : rows) {
        padded = padded || (row != rows.front() && texts[row].size() != texts[rows.front()].size());
        width = std::max(width, texts[row].size());
    }
    const auto count = static_cast<int64_t>(rows.size());
    PaddedBatch batch;
    batch.ids = at::zeros({count, static_cast<int64_t>(width)}, at::kLong);
    batch.lengths = at::empty({count, 1}, at::kFloat);
    if (padded)
        batch.mask = at::zeros({count, static_cast<int64_t>(width)}, at::kBool);
    for (size_t i = 0; i < rows.size(); ++i) {
        const auto &text = texts[rows[i]];
        std::copy(text.begin(), text.end(), batch.ids.data_ptr<int64_t>() + i * width);
        batch.lengths.data_ptr<float>()[i] = static_cast<float>(text.size());
        if (padded)
            std::fill_n(batch.mask.data_ptr<bool>() + i * width, text.size(), true);
    }
    batch.ids = batch.ids.to(device);
    batch.lengths = batch.lengths.to(device);
    if (padded)
        batch.mask = batch.mask.to(device);
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
