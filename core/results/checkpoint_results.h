// SPDX-License-Identifier: Apache-2.0
// All that is said of one checkpoint.
#pragma once

#include "core/base/progress.h"
#include "core/engine/eval/coverage.h"
#include "core/engine/eval/reliability.h"
#include "core/engine/eval/score_intervals.h"
#include "core/results/answers.h"

namespace core {

struct CheckpointResults {
    /// To the exam; where the checkpoint took none, the held-out answers: their kind says which.
    Answers shown;
    Answers heldOut;  ///< rows that chose the checkpoint: thresholds are set by them, never by the exam
    engine::ClassificationReport report;  ///< of what is shown, by what its rows say now
    engine::ScoreIntervals intervals;
    /// Of what is shown, ten bins: what the confidence claimed, before and after the temperature.
    engine::CalibrationBins before{10}, after{10};
    std::optional<engine::AskRule> askRule;  ///< that its answers are given with
};

/// Always the same of the same answers.
[[nodiscard]] engine::ScoreIntervals intervalsOf(const Answers &answers);

/// Any thread with its own service; 100,000 rows of 150 classes take about a second.
[[nodiscard]] base::Result<CheckpointResults> readResults(const Service &service, const CheckpointName &checkpoint);

/// Curves of a class, of all decisions, and the mean over the classes, thinned for charts.
struct Curves {
    std::vector<engine::Curve> perClass;
    engine::Curve micro, macro;
};
struct CurveSet {
    Curves precisionRecall, roc;
};
[[nodiscard]] CurveSet curvesOf(const Answers &answers, const base::WorkContext &context = {});

}  // namespace core
