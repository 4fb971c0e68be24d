// SPDX-License-Identifier: Apache-2.0
// Which rows of one file become the exam.
#pragma once

#include "core/base/progress.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace core {

/// What the choice has to know of a row beside its text.
struct ExamCandidate {
    enum class May {
        Move,     ///< it has its labels, and may become a row of the exam
        Stay,     ///< it is learned from, and so is every row that says nearly the same
        StayOut,  ///< nothing of it counts: nobody has labelled it
    } may = May::StayOut;
    std::vector<int> classes{};  ///< each once, 0 or more; none: it was looked at and has none of the classes
    int64_t family = 0;          ///< rows of one stay on one side; 0: of none
};

/// Chooses about `share` (0 to 1) of the rows that may move, true for those of the exam. Rows that are alike, see
/// firstAlike, stay on one side; how rows are chosen: engine::chooseShare. Depends only on the arguments. Some 2 s for
/// 100,000 rows of 18 words. Stops with Cancelled. `texts` and `candidates` have one entry a row.
[[nodiscard]] base::Result<std::vector<bool>> chooseExam(std::span<const std::string> texts,
                                                         std::span<const ExamCandidate> candidates, double share,
                                                         uint64_t seed, const base::WorkContext &context);

}  // namespace core
