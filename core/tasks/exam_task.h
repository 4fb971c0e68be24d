// SPDX-License-Identifier: Apache-2.0
// What a teacher is worth: it answers the test rows without seeing their labels.
#pragma once

#include "core/engine_types.h"
#include "core/service/service.h"
#include "core/teacher/embedding_teacher.h"

namespace core {

/// Kinds of RunInfo::examined.
constexpr const char *UntrainedTeacher = "untrained";
constexpr const char *BuiltInTeacher = "built-in";

struct Exam {
    std::string name;  ///< of the exam in the service, see resolveAnswers
    engine::ClassificationReport report;
    std::vector<std::string> labels;
    int64_t learnedRows = 0;  ///< train rows that the teacher knew
    double seconds = 0;
};

/// Of the base weights without any training, by what is said of the classes (Learns::Descriptions), or of the built-in
/// teacher as it stands. Kept beside the checkpoints, in place of an earlier one. InvalidInput where there are no test
/// rows with a label.
[[nodiscard]] base::Result<Exam> examine(const Service &service, EmbeddingTeacher::Learns learns,
                                         std::shared_ptr<FeatureReader> reader, const base::WorkContext &context);

}  // namespace core
