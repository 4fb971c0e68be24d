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
};

/// Texts of which so many of the character 5-grams are the same stay on one side, see near_duplicates.h.
constexpr double ExamSimilarity = 0.8;

/// Chooses about `share` (0 to 1) of the rows that may move, true for those of the exam. Rows that are nearly the same,
/// or equal but for capitals and spaces, are one group and stay on one side; see engine::chooseShare. Depends only on
/// the arguments. Some 2 s for 100,000 rows of 18 words. Stops with Cancelled. `texts` and `candidates` have one entry
/// a row.
[[nodiscard]] base::Result<std::vector<bool>> chooseExam(std::span<const std::string> texts,
                                                         std::span<const ExamCandidate> candidates, double share,
                                                         uint64_t seed, const base::WorkContext &context);

}  // namespace core
