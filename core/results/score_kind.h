// SPDX-License-Identifier: Apache-2.0
// Which rows a score was counted on.
#pragma once

#include <cstdint>
#include <string>

namespace core {

enum class ScoreKind {
    Exam,            ///< the exam rows, which chose nothing
    CrossValidated,  ///< rows of Train, each answered by a model that had not learned from it
    HeldOut          ///< rows of Train that the training kept apart
};

/// As JSON has it under "kind": exam, cross_validated, held_out.
[[nodiscard]] const char *name(ScoreKind kind);

/// "1 exam row", "60 cross-validated rows", "200 held-out rows".
[[nodiscard]] std::string countedRows(ScoreKind kind, int64_t rows);

/// What stands beside such figures: where they come from, and why they may be a little too good. Empty of an exam.
[[nodiscard]] std::string remarkOn(ScoreKind kind);

/// The remark, and that the exam does not count for a checkpoint which was trained before it was there.
[[nodiscard]] std::string remarkOn(ScoreKind kind, bool hasExam);

}  // namespace core
