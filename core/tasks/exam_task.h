// SPDX-License-Identifier: Apache-2.0
// What a teacher is worth: it answers the test rows without seeing their labels.
#pragma once

#include "core/base/progress.h"
#include "core/engine/eval/metrics.h"
#include "core/service/service.h"
#include "core/teacher/chat_asker.h"
#include "core/teacher/embedding_teacher.h"
#include "core/teacher/teacher_kinds.h"

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

struct ChatExamOptions {
    std::string name;  ///< of the exam: a run's name
    const char *kind = ServiceTeacher;
    size_t mostRows = 0;  ///< of the exam, from all over; 0: all
    ChatWays ways{};
    CallOptions calls{};
};

/// Of a language model: it answers the test rows blind, shown some train rows. Rows that it gives no class for count as
/// wrong, under NoAnswer. Blocks in an event loop, see askAll. An exam that the cost has ended is not kept: its answers
/// are, and who goes on buys only the rest (Blocked).
[[nodiscard]] base::Result<Exam> examine(const Service &service, const ChatEndpoint &endpoint,
                                         const ChatExamOptions &options, const base::WorkContext &context,
                                         const AskingListener &state = {});

/// Whether asking about so many rows at once costs a teacher nothing: its newest exam that asked so is right on as many
/// of the same rows as its newest that asked one by one. Blocked, with what to do, where no exam says so.
[[nodiscard]] base::Result<void> mayAskInGroups(const Service &service, const std::string &model, size_t rows);

}  // namespace core
