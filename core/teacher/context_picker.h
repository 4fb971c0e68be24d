// SPDX-License-Identifier: Apache-2.0
// Which examples and which classes a language model is shown with a text: the ones that are near to it.
#pragma once

#include "core/teacher/embedding_teacher.h"
#include "core/teacher/label_prompt.h"

namespace core {

struct ContextWishes {
    size_t nearestExamples = 0;  ///< of those that the prompt has, the most similar ones last; 0: all of them
    size_t classes = 0;          ///< the likeliest so many, by the built-in teacher; 0: all

    [[nodiscard]] bool isAny() const { return nearestExamples > 0 || classes > 0; }
};

/// One call at a time.
class ContextPicker {
public:
    [[nodiscard]] static base::Result<ContextPicker> open(const Service &service, const LabelPrompt &prompt,
                                                          const ContextWishes &wishes,
                                                          std::shared_ptr<FeatureReader> reader,
                                                          const base::WorkContext &context);

    /// Of each text.
    [[nodiscard]] base::Result<std::vector<RowContext>> of(const std::vector<std::string> &texts,
                                                           const base::WorkContext &context) const;

private:
    ContextWishes m_wishes;
    std::shared_ptr<FeatureReader> m_reader;
    std::vector<std::string> m_exampleTexts;
    engine::Matrix m_examples;                 ///< examples x hidden size
    std::optional<EmbeddingTeacher> m_likely;  ///< of a short list of classes
    std::vector<size_t> m_places;              ///< of its classes among the prompt's
    std::vector<size_t> m_always;              ///< classes that it does not know
};

}  // namespace core
