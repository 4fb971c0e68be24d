// SPDX-License-Identifier: Apache-2.0
// The columns of a row's file that are not ours, as Example::extra keeps them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core {

/// Names with what stands under them, in the order of the file: texts from tables, anything from JSON.
using ExtraFields = std::vector<std::pair<std::string, nlohmann::ordered_json>>;

/// Takes Example::extra apart, in time linear in its length. Nothing for "", and for what is no JSON object or is
/// nested deeper than 32 levels: the store may be a stranger's.
[[nodiscard]] ExtraFields extraFields(std::string_view extra);

/// The text that Example::extra holds: a JSON object in this order, "" without fields. What is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string extraText(const ExtraFields &fields);

/// A value as a cell of a table: a text as it is, null as nothing, everything else as JSON.
[[nodiscard]] std::string cellText(const nlohmann::ordered_json &value);

}  // namespace core
