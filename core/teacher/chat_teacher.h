// SPDX-License-Identifier: Apache-2.0
// A large language model as a teacher: a service over the network, or llama.cpp's server on this machine.
#pragma once

#include "core/engine/matrix.h"
#include "core/teacher/answer_parser.h"
#include "core/teacher/label_prompt.h"

namespace core {

/// What a teacher said of a row.
struct TeacherVerdict {
    ParsedAnswer::State state = ParsedAnswer::State::Unreadable;
    std::vector<int> labels{};
    double confidence = 0;  ///< 0..1; 1 where nothing else is known
    std::string reply{};    ///< as it was given
};

struct VerdictCounts {
    int64_t labelled = 0, unsure = 0, unreadable = 0, notAClass = 0;

    void add(ParsedAnswer::State state);
    [[nodiscard]] int64_t unanswered() const { return unsure + unreadable + notAClass; }
};

/// Reads an answer. Its confidence is the share of the chosen class among the probabilities of all, where the teacher
/// gives some: a class is worth the tokens that its name begins with.
[[nodiscard]] TeacherVerdict verdictOf(const TeacherAnswer &answer, const std::vector<std::string> &labels,
                                       bool several);

/// Asks about texts: verdicts in their order. An answer that is no class is asked for once more, with what was wrong
/// with it; rows that were not answered in the end are Unreadable. `sample`: see LabelPrompt::question. See askAll for
/// the rest.
struct AskedTexts {
    std::vector<TeacherVerdict> verdicts;
    VerdictCounts counts;
    CallSummary calls;
};
[[nodiscard]] base::Result<AskedTexts> askAbout(const std::vector<std::string> &texts, const LabelPrompt &prompt,
                                                const ChatEndpoint &endpoint, const CallOptions &options,
                                                const AnswerStore &store, const base::WorkContext &context,
                                                const std::function<void(const CallState &)> &state = {},
                                                int sample = 0);

}  // namespace core
