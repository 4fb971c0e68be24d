// SPDX-License-Identifier: Apache-2.0
// Choices of rows that the user gave a name.
#pragma once

#include "core/store/example_query.h"

#include <string>
#include <utility>
#include <vector>

namespace core {

/// What stands in place of a label's id.
constexpr int64_t FilterAllClasses = -1;
constexpr int64_t FilterNoLabel = 0;

/// Of all splits, by name. Filters that show what checks found are left out: that is no query. Empty for a text that
/// makes no sense.
[[nodiscard]] std::vector<std::pair<std::string, ExampleQuery>> savedFilters(const std::string &setting);

}  // namespace core
