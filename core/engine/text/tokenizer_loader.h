// SPDX-License-Identifier: Apache-2.0
// Picks and builds the tokenizer that a tokenizer.json describes.
#pragma once

#include "core/engine/text/tokenizer.h"

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace engine {

/// Reads `path`: a tokenizer.json, or a folder that holds one. Errors name the file and the part that cannot be used.
[[nodiscard]] base::Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path &path);

/// The tokenizer that `root` describes, which was read from `file` or made from it.
[[nodiscard]] base::Result<std::shared_ptr<const Tokenizer>> buildTokenizer(const nlohmann::json &root,
                                                                            const std::filesystem::path &file);

}  // namespace engine
