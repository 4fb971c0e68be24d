// SPDX-License-Identifier: Apache-2.0
// A classification report as the JSON of the command line and of the store.
#pragma once

#include "core/engine_types.h"

#include <nlohmann/json.hpp>

namespace core {

[[nodiscard]] nlohmann::ordered_json reportJson(const engine::ClassificationReport &report,
                                                const std::vector<std::string> &labels);

}  // namespace core
