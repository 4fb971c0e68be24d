// SPDX-License-Identifier: Apache-2.0
// What an exam proves of a teacher: for which classes it is good, and whether the classifier at hand is better.
#pragma once

#include "core/results/report_json.h"
#include "core/service/service.h"

namespace core {

/// The classes of an exam, by the lower bound of what their rows say.
struct ClassVerdicts {
    std::vector<std::string> good;      ///< precision and recall are at least four fifths, at 95 %
    std::vector<std::string> unproven;  ///< so in this exam, but of too few rows to be sure
    std::vector<std::string> weak;      ///< not even in this exam
    [[nodiscard]] size_t all() const { return good.size() + unproven.size() + weak.size(); }
};
/// NoAnswer is no class.
[[nodiscard]] ClassVerdicts classVerdicts(const StoredReport &exam);

/// How a teacher stands to a classifier, by their exams.
enum class Standing {
    Better,    ///< even its lower bound is not below what the classifier is right on
    NotShown,  ///< it may be better or worse: the exam has too few rows
    Worse      ///< even its upper bound is below what the classifier is right on
};
[[nodiscard]] Standing standingOf(const engine::ClassificationReport &teacher,
                                  const engine::ClassificationReport &classifier);

/// A sentence to say before labels are paid for; empty for a teacher that is better. `teacher` null: no exam.
[[nodiscard]] std::string warningOf(const engine::ClassificationReport *teacher,
                                    const engine::ClassificationReport &classifier, const std::string &checkpoint);

/// The same of a language model as provenances name it and the best checkpoint of the service; empty without a
/// checkpoint that took the exam.
[[nodiscard]] base::Result<std::string> warningAbout(const Service &service, const std::string &teacher);

}  // namespace core
