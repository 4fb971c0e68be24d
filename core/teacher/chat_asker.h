// SPDX-License-Identifier: Apache-2.0
// A language model that is asked about a service's rows, in one and the same way for exam, sample and labels.
#pragma once

#include "core/teacher/chat_teacher.h"
#include "core/teacher/context_picker.h"

namespace core {

struct ChatWays {
    std::optional<size_t> shotsPerClass{};  ///< train rows of each class, by people, that the teacher is shown; none:
                                            ///< what the service's config says, or 2
    size_t mostShots = 24;
    bool nearest = false;        ///< instead of the same for all: the `mostShots` train rows most similar to the text
    size_t classesShown = 0;     ///< the likeliest so many; 0: all, or the likeliest 25 where there are more than 40
    std::string prompt{};        ///< empty: the service's own, or the default
    size_t rowsPerQuestion = 1;  ///< of single-label services that show the same with every text
};

/// Belongs to one thread.
class ChatAsker {
public:
    /// `endpoint` must outlive it.
    [[nodiscard]] static base::Result<ChatAsker> open(const Service &service, const ChatEndpoint &endpoint,
                                                      const ChatWays &ways, const base::WorkContext &context);

    [[nodiscard]] const LabelPrompt &prompt() const { return m_prompt; }

    /// See askAbout. Where a text reads like an order (see readsLikeInstructions) its label stands only if the text
    /// before the order gets the same; else it is Unsure.
    [[nodiscard]] base::Result<AskedTexts> ask(const std::vector<std::string> &texts, const CallOptions &options,
                                               const base::WorkContext &context, const AskingListener &state = {},
                                               int sample = 0) const;

private:
    [[nodiscard]] base::Result<AskedTexts> askTrusting(const std::vector<std::string> &texts,
                                                       const CallOptions &options, const base::WorkContext &context,
                                                       const AskingListener &state, int sample) const;
    [[nodiscard]] base::Result<void> doubtOrders(const std::vector<std::string> &texts, AskedTexts &asked,
                                                 const CallOptions &options, const base::WorkContext &context,
                                                 const AskingListener &state, int sample) const;

    ChatAsker(const ChatEndpoint &endpoint, LabelPrompt prompt, AnswerStore store)
        : m_endpoint(&endpoint), m_prompt(std::move(prompt)), m_store(std::move(store))
    {
    }

    const ChatEndpoint *m_endpoint;
    LabelPrompt m_prompt;
    AnswerStore m_store;
    std::optional<ContextPicker> m_picker;
    size_t m_rowsPerQuestion = 1;
};

}  // namespace core
