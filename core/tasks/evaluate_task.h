// SPDX-License-Identifier: Apache-2.0
// How good a checkpoint is on labelled rows, and how two of them differ.
#pragma once

#include "core/base/progress.h"
#include "core/engine/eval/metrics.h"
#include "core/engine/matrix.h"
#include "core/results/comparison.h"
#include "core/service/service.h"

namespace core {

struct Evaluation {
    CheckpointName checkpoint;
    engine::ClassificationReport report;
    std::vector<std::string> labels;   ///< as in Answers: as they are called now, unknown ones last
    std::vector<std::string> learned;  ///< the first of them as the weights call them
    std::vector<int64_t> ids;          ///< rows scored, in order
    std::vector<std::string> texts;
    std::vector<int> truth;             ///< class indices; multi-label: numbers of combinations
    engine::Combinations combinations;  ///< multi-label only
    engine::AnswerRule rule;
    engine::Matrix probabilities;  ///< rows x labels
    bool stale = false;            ///< the rows have changed since the checkpoint was trained
    ScoreKind kind = ScoreKind::Exam;
    int64_t fromTrain = 0;  ///< exam rows left out because the checkpoint was trained when they were rows of Train
    int64_t unknown = 0;    ///< rows of classes that the checkpoint does not know: they count as wrong
};

/// How good a checkpoint is: `checkpoint` is RUN/EPOCH or "best". Rows of classes that it
/// does not know count as wrong. Rows without a label are left out, and so are rows of the exam that it has learned
/// from, or that chose it. Where no row of the exam is left, these are the answers that its run kept to rows it had not
/// learned from (see readShownAnswers), and `kind` says so.
[[nodiscard]] base::Result<Evaluation> evaluate(const Service &service, const std::string &checkpoint, Split split,
                                                const base::WorkContext &context);

/// What its weights answer now to all rows of a split, also to those that they have learned from: to check that they
/// answer alike elsewhere.
[[nodiscard]] base::Result<Evaluation> answerNow(const Service &service, const std::string &checkpoint, Split split,
                                                 const base::WorkContext &context);

/// Both on the test rows as they are now, each as `evaluate` has it; of a teacher the answers that it gave in its exam.
[[nodiscard]] base::Result<ComparedRows> compare(const Service &service, const std::string &a, const std::string &b,
                                                 const base::WorkContext &context);

}  // namespace core
