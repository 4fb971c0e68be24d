// SPDX-License-Identifier: Apache-2.0
// Tensors of a file by name.
#pragma once

#include "core/base/error.h"

#include <ATen/core/Tensor.h>
#include <filesystem>
#include <map>
#include <string>

namespace nets {

/// Floating-point tensors as float32, each with memory of its own. Missing or misshapen tensors are collected as
/// one error, so layers can be built without checking each.
class WeightMap {
public:
    /// Reads every float tensor. NaN or infinity in any of them is an error that names the tensor.
    [[nodiscard]] static base::Result<WeightMap> load(const std::filesystem::path &safetensors);

    [[nodiscard]] bool contains(const std::string &name) const { return m_tensors.contains(name); }

    /// The tensor, if it has `shape`; else an empty tensor, and `error()` says what is missing.
    [[nodiscard]] at::Tensor take(const std::string &name, at::IntArrayRef shape);

    /// Multiplies a tensor, where it is there.
    void scale(const std::string &name, double factor);

    [[nodiscard]] base::Result<void> error() const;

private:
    std::filesystem::path m_path;
    std::map<std::string, at::Tensor> m_tensors;
    std::string m_problem;
};

}  // namespace nets
