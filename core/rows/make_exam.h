// SPDX-License-Identifier: Apache-2.0
// An exam for a service that has none: rows of Train that are kept back from now on.
#pragma once

#include "core/base/progress.h"
#include "core/quality/exam_share.h"
#include "core/service/service.h"
#include "core/store/edit_draft.h"
#include "core/store/label_set.h"

#include <map>

namespace core {

/// As people usually divide their rows.
constexpr double UsualExamShare = 0.2;

/// Labelled rows among which the exam is chosen, see chooseExam. The same rows in the same order give the same exam.
class ExamPool {
public:
    /// `family`: see RowFamilies::family; 0 of a row that stands alone.
    void add(const std::string &text, const LabelSet &labels, ExamCandidate::May may, int64_t family = 0);
    /// True for rows of the exam, in the order in which they were added. Stops with Cancelled.
    [[nodiscard]] base::Result<std::vector<bool>> choose(double share, const base::WorkContext &context) const;

private:
    std::vector<std::string> m_texts;
    std::vector<ExamCandidate> m_candidates;
    std::map<int64_t, int> m_classes;  ///< labels, numbered as they come
};

/// Rows that could become the exam.
struct ExamPlan {
    std::vector<int64_t> rows;  ///< that move from Train to the exam, ascending
    int64_t labelled = 0;       ///< rows of Train that people labelled: what the share is of
    int64_t taught = 0;         ///< rows of Train that a teacher labelled; they stay
};

/// Chooses `share` (0 to 1) of the rows of Train that people labelled, see chooseExam. What a teacher labelled stays,
/// with all rows that say nearly the same. Refused (AlreadyExists) where there are labelled exam rows, and (Blocked)
/// where no row can be spared. The same rows give the same exam. Any thread with its own service.
[[nodiscard]] base::Result<ExamPlan> planExam(const Service &service, double share, const base::WorkContext &context);

/// What moves them, as one edit.
[[nodiscard]] EditDraft examDraft(const ExamPlan &plan, double share);

/// The same applied, so that undo brings the rows back; of many rows in slices, so that others may write meanwhile. A
/// stop takes all of it back.
struct MadeExam {
    ExamPlan plan;
    int64_t edit = 0;
};
[[nodiscard]] base::Result<MadeExam> makeExam(const Service &service, double share, const base::WorkContext &context);

}  // namespace core
