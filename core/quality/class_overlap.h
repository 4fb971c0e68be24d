// SPDX-License-Identifier: Apache-2.0
// Pairs of classes that are hard to tell apart, and what could be done about it.
#pragma once

#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <vector>

namespace core {

struct ClassOverlap {
    enum class Proposal {
        Merge,     ///< their rows hardly tell them apart
        Boundary,  ///< a sentence about where one ends and the other begins
        MoreRows,  ///< one of them has few
    };
    int first = 0, second = 0;    ///< class indexes, ascending
    size_t rows = 0;              ///< that have one of the two, and not both
    size_t confused = 0;          ///< of them, answered with just the other one
    double described = 0;         ///< cosine of what is said of the two, -1..1
    std::vector<size_t> between;  ///< rows of the two, those nearest to the border first
    Proposal proposal = Proposal::Boundary;
};

/// At most `most` pairs, the worst first: those answered with each other in one of twenty rows at least (three at
/// least, and not by chance: Wilson's lower bound is above two in a hundred), and those of which nearly the same is
/// said. `probabilities` rows x classes, out of sample; `labels` the class indices of each row, ascending; `rule` how
/// probabilities become an answer; `descriptions` classes x features, zeros where nothing is said.
[[nodiscard]] std::vector<ClassOverlap> findClassOverlaps(const engine::Matrix &probabilities,
                                                          const std::vector<std::vector<int>> &labels,
                                                          const engine::AnswerRule &rule,
                                                          const engine::Matrix &descriptions, size_t most);

}  // namespace core
