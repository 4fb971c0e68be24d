// SPDX-License-Identifier: Apache-2.0
// The recipe "Seconds": a regularised linear head on frozen features.
#pragma once

#include "core/engine/nets_interface.h"

namespace nets {

/// Multinomial logistic regression with an L2 penalty on the weights, fitted by L-BFGS (Nocedal 1980) in float64.
/// The penalty, and the weight of the extra rows (class descriptions), are those with the least out-of-fold
/// log-loss in stratified, group-aware cross-validation over the train rows. Deterministic.
[[nodiscard]] base::Result<engine::HeadFit> fitHead(const engine::HeadFitData &data, const base::WorkContext &context);

}  // namespace nets
