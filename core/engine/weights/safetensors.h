// SPDX-License-Identifier: Apache-2.0
// The safetensors format (huggingface/safetensors, README "Format"), read and written without trust.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace engine {

/// A named tensor inside a file. `data` points into the file's mapping; its length equals shape x dtype.
struct TensorView {
    std::string name;
    std::string dtype;  ///< "F32", "F16", "BF16", "I64", ... as in the file
    std::vector<int64_t> shape;
    std::span<const std::byte> data;
};

/// A memory-mapped safetensors file, every rule of the format checked before anything is handed out.
/// Stricter than the reference library: duplicate names, depth above 8 and names above 512 bytes are refused.
class SafetensorsFile {
public:
    /// Maps and validates `path`. Pickles and other formats under this name are refused with what they are.
    [[nodiscard]] static base::Result<SafetensorsFile> open(const std::filesystem::path &path);

    [[nodiscard]] const std::vector<TensorView> &tensors() const { return m_tensors; }
    [[nodiscard]] const TensorView *find(std::string_view name) const;  ///< null when absent
    [[nodiscard]] const std::map<std::string, std::string> &metadata() const { return m_metadata; }

private:
    struct Mapping;
    std::shared_ptr<const Mapping> m_mapping;  ///< keeps the views' memory
    std::vector<TensorView> m_tensors;
    std::map<std::string, std::string> m_metadata;
};

/// Writes tensors in the given order, 8-byte aligned start, atomically (temp + fsync + rename).
[[nodiscard]] base::Result<void> writeSafetensors(const std::filesystem::path &path,
                                                  std::span<const TensorView> tensors,
                                                  const std::map<std::string, std::string> &metadata = {});

}  // namespace engine
