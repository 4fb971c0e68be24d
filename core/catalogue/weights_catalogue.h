// SPDX-License-Identifier: Apache-2.0
// Base weights by name.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <vector>

namespace core {

struct BaseWeights {
    std::string name;
    std::string licence;
    std::string summary;
    int64_t bytes = 0;             ///< on disk, or to download
    std::filesystem::path folder;  ///< where they are; empty: not here
};

/// The weights this version knows, and those found in the cache folder.
[[nodiscard]] std::vector<BaseWeights> listWeights();

/// The folder of weights named by a catalogue name or a path.
[[nodiscard]] base::Result<std::filesystem::path> findWeights(const std::string &nameOrPath);

constexpr const char *DefaultWeights = "all-MiniLM-L6-v2";

}  // namespace core
