// SPDX-License-Identifier: Apache-2.0
// JSON from strangers: bounded depth, no duplicate keys, never recursion over input.
#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>
#include <string_view>

namespace engine {

struct JsonLimits {
    int maxDepth = 32;  ///< containers inside containers
    bool allowDuplicates = false;
};

/// Parses one JSON document that fills `text` (trailing white space allowed). The error names the byte.
[[nodiscard]] base::Result<nlohmann::json> parseStrictJson(std::string_view text, JsonLimits limits = {});

/// The same, keeping the order of keys, for files that are written back.
[[nodiscard]] base::Result<nlohmann::ordered_json> parseOrderedJson(std::string_view text, JsonLimits limits = {});

}  // namespace engine
