// SPDX-License-Identifier: Apache-2.0
// What mistakes and questions cost a service, as it keeps them.
#pragma once

#include "core/engine/eval/coverage.h"
#include "core/service/service.h"

#include <map>

namespace core {

struct CostTable {
    double ask = 1;     ///< a person looks at the row
    double wrong = 10;  ///< an answer that is wrong, where its pair has no cost of its own
    /// Of an answer instead of what was expected; by class names, so that they outlive runs.
    std::map<std::pair<std::string, std::string>, double> perPair{};  ///< {expected, answered}
    bool operator==(const CostTable &) const = default;

    /// For answers of a checkpoint with these classes.
    [[nodiscard]] engine::Costs of(const std::vector<std::string> &labels) const;
};

/// The service's; as CostTable has them where none were kept, or what was kept makes no sense.
[[nodiscard]] base::Result<CostTable> costsOf(const Service &service);
/// As keys::Costs keeps them.
[[nodiscard]] std::string costsText(const CostTable &costs);

}  // namespace core
