// SPDX-License-Identifier: Apache-2.0
// Rows of Train that a teacher has labelled: what each is worth, and whether learning from them helps.
#pragma once

#include "core/rows/tokenized_rows.h"

#include <set>

namespace core {

/// Which rows people labelled a teacher knew when it labelled others: of these none can say whether its labels help.
class TeacherMemory {
public:
    [[nodiscard]] static base::Result<TeacherMemory> of(const Service &service);
    /// Adds to what is known of the teacher; kept with the service, no step of its history.
    [[nodiscard]] static base::Result<void> add(const Service &service, const std::string &teacher,
                                                const std::vector<int64_t> &rows);

    [[nodiscard]] bool hasSeen(const std::string &teacher, int64_t row) const;

private:
    [[nodiscard]] static std::map<std::string, std::set<int64_t>> read(const std::string &text);

    std::map<std::string, std::set<int64_t>> m_seen;
};

/// What a teacher's label is worth that says so of itself.
class TeacherRecord {
public:
    /// Of the newest exam of the teacher of this name, as provenances name it. Without one nobody knows: one half.
    [[nodiscard]] static base::Result<TeacherRecord> of(const Service &service, const std::string &teacher);

    /// How likely labels are right, 0.05 to 0.98: the precision of their classes in the exam (of few rows drawn to the
    /// accuracy), its odds raised or lowered by how much surer than on average the teacher was. `confidence` 0..1.
    [[nodiscard]] double reliability(const std::vector<std::string> &labels, std::optional<double> confidence) const;

private:
    std::map<std::string, double> m_precision;  ///< by class
    double m_otherwise = 0.5;
    std::optional<double> m_meanLogit;  ///< of its confidence in the exam
};

struct TaughtRows {
    LabelledRows rows;  ///< single-label, or numbers of the combinations that were given
    std::vector<float> weights;
    std::set<std::string> teachers;  ///< whose labels they are
};

/// Rows of Train that a teacher labelled, but for those whose text is in one of the groups: people have labelled it, or
/// it is in the exam. New combinations are added to `combinations`.
[[nodiscard]] base::Result<TaughtRows> readTaught(const Service &service, const std::vector<std::string> &labels,
                                                  const std::vector<int64_t> &withoutGroups,
                                                  engine::Combinations &combinations);

struct TaughtTrial {
    int64_t rows = 0;     ///< people's rows that no teacher has seen, each left out once
    int64_t with = 0;     ///< of them, answered rightly with the teacher's labels
    int64_t without = 0;  ///< and without
    int64_t fixed = 0, broken = 0;
    bool covers = false;  ///< people's rows have every class that the teacher's have

    /// So few rows that the teacher has not seen say nothing.
    static constexpr int64_t FewestRows = 10;
    /// More rows fixed than broken by at least one standard error; or nobody else knows some class.
    [[nodiscard]] bool helps() const;
};

/// Fits a head on frozen features, with and without the last `request.train.taught` rows. `isUnseen`, of each of
/// people's rows: no teacher had seen it when it labelled.
[[nodiscard]] base::Result<TaughtTrial> tryTaught(engine::Nets &nets, const engine::TrainRequest &request,
                                                  const std::vector<bool> &isUnseen, const base::WorkContext &context);

}  // namespace core
