// SPDX-License-Identifier: Apache-2.0
// From which confidence on a classifier's answers stand, kept beside its weights: it goes wherever they go.
#pragma once

#include "core/base/error.h"
#include "core/engine/eval/coverage.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace engine {

constexpr const char *AskRuleFile = "ask.json";

/// Nothing where the folder has no such file. A damaged one, or one for other classes, is an error: answers that were
/// to be looked at would stand.
[[nodiscard]] base::Result<std::optional<AskRule>> readAskRule(const std::filesystem::path &folder,
                                                               const std::vector<std::string> &labels);

/// `{"ask_below": 0.62, "per_class": {"refund": 0.7}}`; a rule that asks nobody removes the file.
[[nodiscard]] base::Result<void> writeAskRule(const std::filesystem::path &folder, const AskRule &rule,
                                              const std::vector<std::string> &labels);

}  // namespace engine
