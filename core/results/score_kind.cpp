// SPDX-License-Identifier: Apache-2.0
#include "core/results/score_kind.h"

#include "core/base/counted.h"

namespace core {

const char *name(ScoreKind kind)
{
    switch (kind) {
    case ScoreKind::Exam: return "exam";
    case ScoreKind::CrossValidated: return "cross_validated";
    case ScoreKind::HeldOut: return "held_out";
    }
    return "";
}

std::string countedRows(ScoreKind kind, int64_t rows)
{
    switch (kind) {
    case ScoreKind::Exam: return base::counted(rows, "exam row", "exam rows");
    case ScoreKind::CrossValidated: return base::counted(rows, "cross-validated row", "cross-validated rows");
    case ScoreKind::HeldOut: return base::counted(rows, "held-out row", "held-out rows");
    }
    return {};
}

std::string remarkOn(ScoreKind kind)
{
    switch (kind) {
    case ScoreKind::Exam: break;
    case ScoreKind::CrossValidated:
        return "Cross-validated: each row predicted by a model that had not seen it. These rows also chose the pass, "
               "so "
               "the figures may be a little too good.";
    case ScoreKind::HeldOut:
        return "Held out: the training did not learn from these rows. They also chose the pass, so the figures may be "
               "a little too good.";
    }
    return {};
}

std::string remarkOn(ScoreKind kind, bool hasExam)
{
    const std::string remark = remarkOn(kind);
    return remark.empty() || !hasExam
               ? remark
               : remark + " It was trained before there was an exam: train again to have it examined.";
}

}  // namespace core
