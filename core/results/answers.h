// SPDX-License-Identifier: Apache-2.0
// A checkpoint's kept answers to rows that it has not learned from, beside what these rows say now.
#pragma once

#include "core/engine/eval/metrics.h"
#include "core/engine/eval/verdicts.h"
#include "core/engine/matrix.h"
#include "core/results/checkpoint_name.h"
#include "core/results/score_kind.h"
#include "core/service/service.h"
#include "core/store/run_store.h"

namespace core {

/// Differences that chance alone gives more seldom are called real.
constexpr double Significant = 0.05;

struct Answers {
    CheckpointName checkpoint;
    std::vector<std::string> labels;   ///< of the run as they are called now, and behind them those it does not know
    std::vector<std::string> learned;  ///< those of the run as its weights call them
    engine::AnswerRule rule;
    double temperature = 1;  ///< that the probabilities were made with
    std::vector<int64_t> examples;
    engine::Matrix probabilities;  ///< rows x labels, calibrated
    std::vector<engine::Verdict> verdicts;
    /// Rows that are gone, or that have no label of a class any more.
    int64_t leftOut = 0;
    ScoreKind kind = ScoreKind::Exam;
    /// Exam rows of classes that the run does not know and to which it has kept no answer, by class: they count as
    /// wrong. Empty: none.
    std::vector<int64_t> unanswered{};

    [[nodiscard]] size_t size() const { return examples.size(); }
    [[nodiscard]] int64_t unknownRows() const;  ///< rows of classes that the run does not know; all count as wrong
};

/// Empty where the run has kept none. Reads every row: some 4 s for a million; any thread with its own service.
[[nodiscard]] base::Result<Answers> readAnswers(const Service &service, const CheckpointName &checkpoint,
                                                RunStore::Part part);

/// What is said of a checkpoint: its answers to the exam, or, where it took none, those to rows that it had not learned
/// from: of cross-validation, or of the part that was held out. Empty where it has kept none of these.
[[nodiscard]] base::Result<Answers> readShownAnswers(const Service &service, const CheckpointName &checkpoint);

/// Scores by what the rows say now.
[[nodiscard]] engine::ClassificationReport reportOf(const Answers &answers);

/// The classes that each row has.
[[nodiscard]] std::vector<std::vector<int>> expectedOf(const Answers &answers);

/// Probabilities as they were before the temperature made them honest.
[[nodiscard]] engine::Matrix uncalibrated(const Answers &answers);

}  // namespace core
