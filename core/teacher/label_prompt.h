// SPDX-License-Identifier: Apache-2.0
// The question that a teacher is asked about a row.
#pragma once

#include "core/service/service.h"
#include "core/teacher/calls/call_engine.h"

#include <span>

namespace core {

/// What stands in resources/prompts/label.txt. Places in double braces: task, classes, form.
[[nodiscard]] const std::string &defaultLabelPrompt();
/// Names of places in it that are not known, or that a prompt cannot do without and has not: a sentence, or nothing.
[[nodiscard]] std::string problemOfPrompt(const std::string &prompt);

struct LabelledText {
    std::string text;
    std::vector<int> labels;
    int64_t row = 0;  ///< whose text it is; 0: nobody's
};

/// What is shown with one question, where not everything is shown with each: places among the examples and the classes.
struct RowContext {
    std::vector<size_t> examples{};
    std::vector<size_t> classes{};  ///< empty: all
};

/// Immutable but for its examples; any thread.
class LabelPrompt {
public:
    /// Of the service's task and declared classes; one that rejects is offered as any other. `prompt` empty: the
    /// default.
    [[nodiscard]] static base::Result<LabelPrompt> of(const Service &service, const std::string &prompt = {});

    /// Answered texts to go before the question; they are not asked about themselves.
    void setExamples(std::vector<LabelledText> examples) { m_examples = std::move(examples); }
    [[nodiscard]] const std::vector<LabelledText> &examples() const { return m_examples; }
    [[nodiscard]] const std::vector<std::string> &labels() const { return m_labels; }
    [[nodiscard]] bool isSeveral() const { return m_several; }

    /// With a new random mark each time: nobody who writes a text can know it. `sample`: of several answers to the same
    /// question, which; from the second on they are drawn at temperature 0.7. Without `shown` all examples and classes
    /// are, as far as the endpoint's context has room for them; a text that is too long for it is shortened at its end.
    [[nodiscard]] Question question(int64_t id, const std::string &text, const ChatEndpoint &endpoint, int sample = 0,
                                    const RowContext *shown = nullptr) const;

    /// About several texts at once, answered by a list in their order. Of single-label services.
    [[nodiscard]] Question groupQuestion(int64_t id, std::span<const std::string> texts,
                                         const ChatEndpoint &endpoint) const;

private:
    [[nodiscard]] std::string system(AnswerForm form, const std::vector<size_t> &classes, bool isGroup = false) const;
    [[nodiscard]] std::string answerText(const std::vector<int> &labels, AnswerForm form, bool isGroup = false) const;

    std::string m_prompt, m_task;
    std::vector<std::string> m_labels, m_descriptions;
    bool m_several = false;
    std::vector<LabelledText> m_examples;
};

/// A few train rows of each class, from all over, the same every time: at most `perClass` of each and `most` in all.
[[nodiscard]] base::Result<std::vector<LabelledText>>
fewShot(const Service &service, const std::vector<std::string> &labels, size_t perClass, size_t most);

}  // namespace core
