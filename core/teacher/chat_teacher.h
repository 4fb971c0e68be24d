// SPDX-License-Identifier: Apache-2.0
// A large language model as a teacher: a service over the network, or llama.cpp's server on this machine.
#pragma once

#include "core/engine/matrix.h"
#include "core/teacher/answer_parser.h"
#include "core/teacher/label_prompt.h"

#include <deque>

namespace core {

/// What a teacher said of a row.
struct TeacherVerdict {
    ParsedAnswer::State state = ParsedAnswer::State::Unreadable;
    std::vector<int> labels{};
    double confidence = 0;  ///< 0..1; 1 where nothing else is known
    std::string reply{};    ///< as it was given
    bool isKnown = false;   ///< false: the question was not asked, or not answered yet
};

struct VerdictCounts {
    int64_t labelled = 0, unsure = 0, unreadable = 0, notAClass = 0, refused = 0, unfinished = 0;

    void add(ParsedAnswer::State state, int64_t rows = 1);
    void add(const VerdictCounts &more);
    [[nodiscard]] int64_t all() const { return labelled + unanswered(); }
    [[nodiscard]] int64_t unanswered() const { return unsure + unreadable + notAClass + refused + unfinished; }
};

/// Reads an answer. Its confidence is the share of the chosen class among the probabilities of all, where the teacher
/// gives some: a class is worth the tokens that its name begins with.
[[nodiscard]] TeacherVerdict verdictOf(const TeacherAnswer &answer, const std::vector<std::string> &labels,
                                       bool several);

/// Asks about texts: verdicts in their order. An answer that is no class is asked for once more, with what was wrong
/// with it; what a service refuses is Refused. Where the cost, a pause or a stop ends it (calls.end), the others are
/// not known. That the first SameAnswers rows all get the same class is noted (`note`). `sample`: see
/// LabelPrompt::question; `rowContexts`: of each text, or empty. See askAll for the rest.
constexpr int64_t SameAnswers = 20;
struct AskedTexts {
    std::vector<TeacherVerdict> verdicts;
    VerdictCounts counts;
    CallSummary calls;
    std::string note{};  ///< a sentence, see SameAnswer; mostly none
};
/// How far asking is, for people.
struct AskingState {
    CallState calls;
    VerdictCounts counts;  ///< so far
    struct Answered {
        std::string text;
        TeacherVerdict verdict;
    };
    std::deque<Answered> newest{};  ///< the last one at the end
    std::string note{};             ///< what people should know already now, a sentence
    static constexpr size_t MostNewest = 10;

    void show(const std::string &text, const TeacherVerdict &verdict);
};
/// Notices a teacher that says the same of everything.
class SameAnswer {
public:
    /// The sentence, once: with the row that makes it SameAnswers of one class and no other.
    [[nodiscard]] std::string add(const TeacherVerdict &verdict, const std::vector<std::string> &labels);

private:
    std::vector<int> m_labels;
    int64_t m_rows = 0;
    bool m_isOver = false;
};
using AskingListener = std::function<void(const AskingState &)>;
[[nodiscard]] base::Result<AskedTexts> askAbout(const std::vector<std::string> &texts, const LabelPrompt &prompt,
                                                const ChatEndpoint &endpoint, const CallOptions &options,
                                                const AnswerStore &store, const base::WorkContext &context,
                                                const AskingListener &state = {}, int sample = 0,
                                                const std::vector<RowContext> &rowContexts = {});

/// The same, `size` texts a question (2 or more); those that a list leaves out or calls otherwise are asked about one
/// by one. Single-label only.
[[nodiscard]] base::Result<AskedTexts> askInGroups(const std::vector<std::string> &texts, size_t size,
                                                   const LabelPrompt &prompt, const ChatEndpoint &endpoint,
                                                   const CallOptions &options, const AnswerStore &store,
                                                   const base::WorkContext &context, const AskingListener &state = {});

}  // namespace core
