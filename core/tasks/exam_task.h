// SPDX-License-Identifier: Apache-2.0
// What a teacher is worth: it answers the test rows without seeing their labels.
#pragma once

#include "core/base/progress.h"
#include "core/engine/eval/metrics.h"
#include "core/service/service.h"
#include "core/teacher/chat_source.h"
#include "core/teacher/embedding_teacher.h"
#include "core/teacher/teacher_job.h"

namespace core {

/// What stands for rows without an answer, among the classes of an exam.
constexpr const char *NoAnswer = "(no answer)";

struct Exam {
    std::string name;  ///< of the exam in the service, see resolveAnswers
    engine::ClassificationReport report;
    std::vector<std::string> labels;
    int64_t learnedRows = 0;  ///< train rows that the teacher knew
    double seconds = 0;
    VerdictCounts counts{};  ///< of a language model
    CallSummary calls{};     ///< the same
};

/// Of the base weights without any training, by what is said of the classes (Learns::Descriptions), or of the built-in
/// teacher as it stands. Kept beside the checkpoints, in place of an earlier one. InvalidInput where there are no test
/// rows with a label.
[[nodiscard]] base::Result<Exam> examine(const Service &service, EmbeddingTeacher::Learns learns,
                                         std::shared_ptr<FeatureReader> reader, const base::WorkContext &context);

/// Of a language model: it answers the test rows blind, shown some train rows. Rows that it gives no class for count as
/// wrong, under NoAnswer. Blocks in an event loop, see askAll. An exam that the cost has ended is not kept: its answers
/// are, and who goes on buys only the rest (Blocked).
[[nodiscard]] base::Result<Exam> examine(const Service &service, const ChatEndpoint &endpoint, const TeacherJob &job,
                                         const base::WorkContext &context, const AskingListener &state = {});

/// Of a language model with each of these versions of the prompt, one after the other within the budget of `job`; they
/// are found before anything is asked (NotFound). Empty: with the one in use. Where there are several, their exams are
/// called by them. `done` is told of each exam.
[[nodiscard]] base::Result<void> examineVersions(const Service &service, const ChatSource &source,
                                                 const TeacherJob &job, const std::vector<std::string> &versions,
                                                 const base::WorkContext &context, const AskingListener &state,
                                                 const std::function<void(const Exam &)> &done);

/// Whether asking about so many rows at once costs a teacher nothing: its newest exam that asked so is right on as many
/// of the same rows as its newest that asked one by one. Blocked, with what to do, where no exam says so.
[[nodiscard]] base::Result<void> mayAskInGroups(const Service &service, const std::string &model, size_t rows);

}  // namespace core
