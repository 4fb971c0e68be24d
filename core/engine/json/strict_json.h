// SPDX-License-Identifier: Apache-2.0
// JSON from strangers: bounded depth, no duplicate keys, never recursion over input.
#pragma once

#include "core/base/error.h"

#include <concepts>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace engine {

struct JsonLimits {
    int maxDepth = 32;  ///< containers inside containers
    bool allowDuplicates = false;
};

/// Parses one JSON document that fills `text` (trailing white space allowed). The error names the byte.
[[nodiscard]] base::Result<nlohmann::json> parseStrictJson(std::string_view text, JsonLimits limits = {});

/// The same, keeping the order of keys, for files that are written back.
[[nodiscard]] base::Result<nlohmann::ordered_json> parseOrderedJson(std::string_view text, JsonLimits limits = {});

/// The integer that `value` is. Throws nlohmann::json::exception for anything else and for what T cannot hold: the
/// library's own conversion would cut such a number off, or do what is not defined.
template <std::integral T>
[[nodiscard]] T integerOf(const nlohmann::json &value)
{
    using nlohmann::json;
    if (!value.is_number_integer())
        throw json::type_error::create(302, "an integer is needed", &value);
    const bool fits =
        value.is_number_unsigned() ? std::in_range<T>(value.get<uint64_t>()) : std::in_range<T>(value.get<int64_t>());
    if (!fits)
        throw json::out_of_range::create(406, "the integer is too large", &value);
    return value.get<T>();
}

}  // namespace engine
