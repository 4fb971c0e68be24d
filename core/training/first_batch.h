// SPDX-License-Identifier: Apache-2.0
// The first rows that a run learns from, exactly as its classifier sees them.
#pragma once

#include "core/base/progress.h"
#include "core/service/service.h"
#include "core/store/run_store.h"

namespace core {

struct SeenRow {
    std::vector<std::string> pieces;  ///< of the text, a token each; what special tokens stand for is left out
    int tokens = 0;                   ///< special ones included
    int cut = 0;                      ///< tokens at the end that are not read
    std::string label;                ///< several: joined; empty: what the head says of a row without one
};

/// Of a pass of a run that learns more than a head: its first batch, rebuilt from the run's settings and the rows as
/// they are now. Empty for the quick recipe.
[[nodiscard]] base::Result<std::vector<SeenRow>> firstBatch(const Service &service, const RunInfo &run);

}  // namespace core
