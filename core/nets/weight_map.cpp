// SPDX-License-Identifier: Apache-2.0
#include "core/nets/weight_map.h"

#include "core/engine/weights/safetensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>
#include <cstring>
#include <optional>

using base::ErrorCode;
using base::failure;

namespace nets {

namespace {

std::optional<at::ScalarType> floatType(const std::string &dtype)
{
    if (dtype == "F32")
        return at::kFloat;
    if (dtype == "F16")
        return at::kHalf;
    if (dtype == "BF16")
        return at::kBFloat16;
    if (dtype == "F64")
        return at::kDouble;
    return std::nullopt;
}

/// BERT's first weights came from TensorFlow, whose norms have a gamma and a beta; transformers reads them so too.
std::string presentName(std::string name)
{
    for (const auto &[before, now] :
         {std::pair<std::string_view, std::string_view>{"LayerNorm.gamma", "LayerNorm.weight"},
          {"LayerNorm.beta", "LayerNorm.bias"}}) {
        if (name.ends_with(before))
            name.replace(name.size() - before.size(), before.size(), now);
    }
    return name;
}

}  // namespace

base::Result<WeightMap> WeightMap::load(const std::filesystem::path &safetensors)
{
    auto file = TRY(engine::SafetensorsFile::open(safetensors));
    WeightMap map;
    map.m_path = safetensors;
    for (const auto &view : file.tensors()) {
        const auto type = floatType(view.dtype);
        if (!type)
            continue;  // position ids and other buffers
        auto tensor = at::empty(view.shape, *type);
        std::memcpy(tensor.data_ptr(), view.data.data(), view.data.size());
        tensor = tensor.to(at::kFloat);
        if (!at::isfinite(tensor).all().item<bool>())
            return failure(
                ErrorCode::Corrupt,
                "The tensor \"" + view.name.substr(0, 120) +
                    "\" holds values that are not numbers (NaN or infinity), so nothing can be computed with "
                    "these weights. Fetch them again.",
                safetensors.string());
        map.m_tensors.emplace(presentName(view.name), std::move(tensor));
    }
    return map;
}

void WeightMap::scale(const std::string &name, double factor)
{
    if (const auto found = m_tensors.find(name); found != m_tensors.end())
        found->second.mul_(factor);
}

at::Tensor WeightMap::take(const std::string &name, at::IntArrayRef shape)
{
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end()) {
        if (m_problem.empty())
            m_problem = "lacks the tensor \"" + name + "\"";
        return at::empty(shape, at::kFloat);
    }
    if (found->second.sizes() != shape) {
        if (m_problem.empty())
            m_problem = "holds the tensor \"" + name + "\" in another shape than config.json says";
        return at::empty(shape, at::kFloat);
    }
    return found->second;
}

base::Result<void> WeightMap::error() const
{
    if (m_problem.empty())
        return {};
    return failure(ErrorCode::Corrupt, "This weights file " + m_problem + ". It does not belong to its config.json.",
                   m_path.string());
}

}  // namespace nets
