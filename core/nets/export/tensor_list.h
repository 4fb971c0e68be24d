// SPDX-License-Identifier: Apache-2.0
// Tensors to write into a safetensors file.
#pragma once

#include "core/engine/weights/safetensors.h"

#include <ATen/core/Tensor.h>

namespace nets {

class TensorList {
public:
    /// Keeps a contiguous copy in the CPU's memory, as float32.
    void add(const std::string &name, const at::Tensor &tensor)
    {
        m_tensors.push_back(tensor.detach().to(at::kCPU).contiguous());
        const auto &kept = m_tensors.back();
        m_views.push_back(
            {name,
             "F32",
             {kept.sizes().begin(), kept.sizes().end()},
             {static_cast<const std::byte *>(kept.const_data_ptr()), static_cast<size_t>(kept.nbytes())}});
    }
    [[nodiscard]] base::Result<void> write(const std::filesystem::path &path) const
    {
        return engine::writeSafetensors(path, m_views, {{"format", "pt"}});
    }

private:
    std::vector<at::Tensor> m_tensors;
    std::vector<engine::TensorView> m_views;
};

}  // namespace nets
