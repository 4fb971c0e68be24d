// SPDX-License-Identifier: Apache-2.0
// Fewer columns that keep what differs most.
#pragma once

#include "core/engine/matrix.h"

namespace engine {

/// Rows projected on the `count` directions along which they vary most (Pearson 1901), by descending variance; as many
/// columns as there are if those are fewer. The directions come from subspace iteration on the covariance matrix
/// (Halko, Martinsson, Tropp 2011, 4.4) from a fixed start, so equal rows give equal results. Of each direction the
/// largest weight is positive. Time grows with rows x columns^2.
[[nodiscard]] Matrix principalComponents(const Matrix &values, size_t count);

}  // namespace engine
