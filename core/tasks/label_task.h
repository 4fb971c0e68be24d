// SPDX-License-Identifier: Apache-2.0
// A teacher labels rows that nobody has labelled: one edit, which can be undone.
#pragma once

#include "core/tasks/exam_task.h"

namespace core {

struct LabelOptions {
    size_t mostRows = 0;         ///< of Unlabelled, from all over; 0: all
    double leastConfidence = 0;  ///< below it a row stays as it is, 0..1
    bool toTrain = false;        ///< those that get a label move to Train
    std::string title{};         ///< of the edit, for people
    std::string provenance{};    ///< where the labels come from: "teacher gpt-x"
};

struct Labelling {
    int64_t asked = 0;     ///< rows
    int64_t labelled = 0;  ///< rows that got a label
    int64_t belowLeast = 0;
    int64_t orders = 0;  ///< of the unsure ones, rows that read like orders: without them they would get another label
    int64_t taken = 0;   ///< rows, or classes of rows, that somebody changed meanwhile: what they did stays
    VerdictCounts counts{};
    CallSummary calls{};            ///< of a language model
    std::optional<int64_t> edit{};  ///< none where no row got a label
};

/// By the built-in teacher.
[[nodiscard]] base::Result<Labelling> labelRows(const Service &service, std::shared_ptr<FeatureReader> reader,
                                                const LabelOptions &options, const base::WorkContext &context);

/// By a language model. Blocks in an event loop, see askAll. Where the cost or a stop ends it (calls.end), what was
/// answered is written.
[[nodiscard]] base::Result<Labelling> labelRows(const Service &service, const ChatEndpoint &endpoint,
                                                const TeacherJob &job, const LabelOptions &options,
                                                const base::WorkContext &context, const AskingListener &state = {});

/// What a language model says of a few unlabelled rows, from all over: nothing is written but the answers that were
/// bought, so that labelling buys only the others.
struct LabelSample {
    struct Row {
        int64_t id = 0;
        std::string text;
        TeacherVerdict verdict;
    };
    std::vector<Row> rows;
    std::vector<std::string> labels;  ///< names of the verdicts' classes
    CallSummary calls;
    int64_t allRows = 0;  ///< unlabelled ones that there are to label
    /// Tokens of the sample's questions and answers, also of those that were bought before: what the others will need.
    int64_t inputTokens = 0, outputTokens = 0;
};
[[nodiscard]] base::Result<LabelSample> sampleLabels(const Service &service, const ChatEndpoint &endpoint,
                                                     const TeacherJob &job, size_t rows,
                                                     const base::WorkContext &context,
                                                     const AskingListener &state = {});

}  // namespace core
