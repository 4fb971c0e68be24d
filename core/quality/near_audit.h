// SPDX-License-Identifier: Apache-2.0
// What is nearly the same among the labelled rows: takes longer than the audit that runs as people type.
#pragma once

#include "core/base/progress.h"
#include "core/quality/audit.h"

namespace core {

/// Findings about rows of train and test whose texts are at least `least` similar (see near_duplicates.h) and not equal
/// to the letter: near_duplicates within train, near_contradictions under different labels, near_leaks between train
/// and test. Of each group the first row stays out of near_duplicates, so that one remains when the others are deleted;
/// groups under several labels are not in it.
[[nodiscard]] base::Result<std::vector<Finding>> auditNearDuplicates(const Service &service, double least,
                                                                     const base::WorkContext &context);

}  // namespace core
