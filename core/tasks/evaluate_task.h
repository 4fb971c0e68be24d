// SPDX-License-Identifier: Apache-2.0
// How good a checkpoint is on labelled rows, and how two of them differ.
#pragma once

#include "core/engine_types.h"
#include "core/results/comparison.h"
#include "core/service/service.h"

namespace core {

struct Evaluation {
    CheckpointName checkpoint;
    engine::ClassificationReport report;
    std::vector<std::string> labels;
    std::vector<int64_t> ids;  ///< rows scored, in order
    std::vector<std::string> texts;
    std::vector<int> truth;             ///< class indices; multi-label: numbers of combinations
    engine::Combinations combinations;  ///< multi-label only
    engine::AnswerRule rule;
    engine::Matrix probabilities;  ///< rows x labels
    bool stale = false;            ///< the split has changed since the checkpoint was trained
};

/// `checkpoint` is RUN/EPOCH or "best". Rows without a label of the checkpoint are left out.
[[nodiscard]] base::Result<Evaluation> evaluate(const Service &service, const std::string &checkpoint, Split split,
                                                const base::WorkContext &context);

/// Both on the test rows as they are now; of a teacher the answers that it gave in its exam.
[[nodiscard]] base::Result<ComparedRows> compare(const Service &service, const std::string &a, const std::string &b,
                                                 const base::WorkContext &context);

}  // namespace core
