// SPDX-License-Identifier: Apache-2.0
#include "core/rows/make_exam.h"

#include "core/base/counted.h"
#include "core/base/trimmed.h"
#include "core/service/row_families.h"
#include "core/store/edit_log.h"

#include <cmath>
#include <set>

using base::counted;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr uint64_t Seed = 1;

Result<int64_t> labelledRows(const Service &service, Split split)
{
    int64_t rows = 0;
    auto read = service.examples().forEach({.split = split},
                                           [&](const Example &row) { rows += labelsOf(row).isAnswered ? 1 : 0; });
    return read ? Result<int64_t>(rows) : failure(read);
}

}  // namespace

void ExamPool::add(const std::string &text, const LabelSet &labels, ExamCandidate::May may, int64_t family)
{
    ExamCandidate candidate{.may = may, .family = family};
    for (const int64_t id : labels.ids)
        candidate.classes.push_back(m_classes.try_emplace(id, static_cast<int>(m_classes.size())).first->second);
    m_candidates.push_back(std::move(candidate));
    m_texts.push_back(text);
}

Result<std::vector<bool>> ExamPool::choose(double share, const base::WorkContext &context) const
{
    return chooseExam(m_texts, m_candidates, share, Seed, context);
}

Result<ExamPlan> planExam(const Service &service, double share, const base::WorkContext &context)
{
    auto examined = TRY(labelledRows(service, Split::Test));
    if (examined > 0)
        return failure(ErrorCode::AlreadyExists,
                       "This service has an exam of " + counted(examined, "row", "rows") +
                           " already. Move them to Train first if you want another one.",
                       "test");
    ExamPlan plan;
    ExamPool pool;
    auto families = TRY(RowFamilies::of(service));
    std::vector<int64_t> ids;
    std::set<int64_t> classes;
    TRY(service.examples().forEach({.split = Split::Train}, [&](const Example &row) {
        const LabelSet labels = labelsOf(row);
        if (!labels.isAnswered || base::trimmed(row.text).empty())
            return;
        ++(row.isTaught() ? plan.taught : plan.labelled);
        pool.add(row.text, labels, row.isTaught() ? ExamCandidate::May::Stay : ExamCandidate::May::Move,
                 families.family(row));
        classes.insert(labels.ids.begin(), labels.ids.end());
        ids.push_back(row.id);
    }));
    auto chosen = TRY(pool.choose(share, context));
    for (size_t i = 0; i < ids.size(); ++i) {
        if (chosen.at(i))
            plan.rows.push_back(ids[i]);
    }
    if (!plan.rows.empty())
        return plan;
    const bool isFew = share * static_cast<double>(plan.labelled) < 1 ||
                       plan.labelled < 2 * static_cast<int64_t>(std::max<size_t>(classes.size(), 1));
    return failure(ErrorCode::Blocked,
                   "No row can be kept for the exam: Train has " +
                       counted(plan.labelled, "row that people labelled", "rows that people labelled") +
                       (isFew ? ", which are too few to spare one. Label more rows first."
                              : ", and they say nearly the same or are the only ones of their class. Bring rows that "
                                "say other things."),
                   "train");
}

EditDraft examDraft(const ExamPlan &plan, double share)
{
    EditDraft draft;
    draft.title = "Keep " + std::to_string(std::lround(share * 100)) + " % for the exam";
    for (const int64_t row : plan.rows)
        draft.changes.push_back({row, FieldChange::Field::Split, {}, static_cast<int64_t>(Split::Test)});
    return draft;
}

Result<MadeExam> makeExam(const Service &service, double share, const base::WorkContext &context)
{
    auto plan = TRY(planExam(service, share, context));
    const EditDraft draft = examDraft(plan, share);
    const EditLog log(service.database());
    auto edit = TRY(EditLog::isLarge(draft) ? log.applyInSlices(draft, context) : log.apply(draft));
    return MadeExam{std::move(plan), edit};
}

}  // namespace core
