// SPDX-License-Identifier: Apache-2.0
// How two checkpoints differ on the same rows.
#pragma once

#include "core/results/answers.h"

#include <string>
#include <utility>

namespace core {

struct ClassChange {
    std::string label;
    int64_t fixed = 0;  ///< rows of this class that only the second answers right
    int64_t broke = 0;
    double f1Before = 0, f1After = 0;
};

struct ComparedRows {
    ScoreKind kindBefore = ScoreKind::Exam, kindAfter = ScoreKind::Exam;  ///< of either's answers
    int64_t rows = 0;                                                     ///< that both answered
    std::vector<int64_t> fixed, broke;
    double pValue = 1;  ///< exact McNemar
    int64_t rightBefore = 0, rightAfter = 0;
    std::vector<ClassChange> perClass;  ///< of classes that both know, the largest change of F1 first

    [[nodiscard]] bool isRealDifference() const { return pValue < Significant; }
};

/// Rows that only one has answered are left out.
[[nodiscard]] ComparedRows compareAnswers(const Answers &before, const Answers &after);

/// Settings in which two runs differ, by their names in config.yaml: before, after. None where one is an exam.
struct ConfigDifference {
    std::string name, before, after;
};
[[nodiscard]] std::vector<ConfigDifference> configDifferences(const RunInfo &before, const RunInfo &after);

}  // namespace core
