// SPDX-License-Identifier: Apache-2.0
// Which of the base weights that are here suit a service's rows: advice that is measured, not remembered.
#pragma once

#include "core/base/progress.h"
#include "core/service/service.h"

#include <vector>

namespace core {

struct WeightsTrial {
    std::string name;
    int64_t rows = 0;            ///< train rows, at most 2,000
    int64_t heldOutCorrect = 0;  ///< of them, answered rightly when left out, by the quick classifier on these weights
    double rowsPerSecond = 0;    ///< read, by all cores; 0: unknown
    double seconds = 0;          ///< the trial took
};

/// Trains the quick classifier (frozen features and a head, cross-validated) on each of the base weights here, the
/// fastest first. Weights that cannot be read are left out; Blocked where there are too few rows.
[[nodiscard]] base::Result<std::vector<WeightsTrial>> tryWeights(const Service &service,
                                                                 const base::WorkContext &context);

}  // namespace core
