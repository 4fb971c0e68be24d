// SPDX-License-Identifier: Apache-2.0
// The sentence at the head of Results.
#pragma once

#include "core/engine/eval/metrics.h"
#include "core/results/score_kind.h"

#include <QString>
#include <string>
#include <vector>

namespace ui {

/// "Right on 52 of 60 exam rows (between 46 and 56). Weakest: refund / delivery.", with "Cross-validated" or "Held out"
/// before it where it was counted on such rows. `labels` of the report's classes.
[[nodiscard]] QString resultVerdict(const engine::ClassificationReport &report, const std::vector<std::string> &labels,
                                    core::ScoreKind kind);

/// "exam rows", "cross-validated rows", "held-out rows".
[[nodiscard]] QString rowsOf(core::ScoreKind kind);

/// "60 cross-validated rows", the count grouped by the user's locale.
[[nodiscard]] QString countedText(core::ScoreKind kind, qint64 rows);

}  // namespace ui
