// SPDX-License-Identifier: Apache-2.0
// What a classifier said of each row, and whether that was right: what figures over many rows are made from.
#pragma once

#include "core/engine/eval/curves.h"
#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <cstdint>
#include <span>
#include <vector>

namespace engine {

struct Verdict {
    std::vector<int> expected;  ///< class indices, ascending
    std::vector<int> answer;
    float confidence = 0;  ///< confidenceOf
    float logLoss = 0;     ///< nats, as in ClassificationReport

    [[nodiscard]] bool isRight() const { return expected == answer; }
};

/// One a row. `probabilities` rows x classes; `expected` the classes of each row.
[[nodiscard]] std::vector<Verdict> verdictsOf(const Matrix &probabilities,
                                              const std::vector<std::vector<int>> &expected, const AnswerRule &rule);

/// How probable each row's class `label` was, and whether it has it.
[[nodiscard]] Decisions decisionsOn(const Matrix &probabilities, const std::vector<std::vector<int>> &expected,
                                    int label);

/// The same for all classes together: what a micro average is taken over.
[[nodiscard]] Decisions allDecisions(const Matrix &probabilities, const std::vector<std::vector<int>> &expected);

}  // namespace engine
