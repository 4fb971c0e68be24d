// SPDX-License-Identifier: Apache-2.0
// What a chat service can do, found out by asking it once.
#pragma once

#include "core/base/progress.h"
#include "core/teacher/calls/http_client.h"

namespace core {

struct Capabilities {
    AnswerForm form = AnswerForm::Text;
    bool givesProbabilities = false;  ///< of the tokens that it could have said instead
    int64_t contextLength = 0;        ///< tokens of a question with its answer, at most; 0: it does not say
    int concurrency = 0;              ///< questions at once that went well when it was last asked; 0: not known
    RequestShape shape{};             ///< what its refusals have taught
    bool operator==(const Capabilities &) const = default;
};

/// What finding out has shown besides.
struct ProbeNotes {
    TokenUsage spent{};
    std::vector<std::string> learned{};  ///< a sentence each
    bool isWrongPlace = false;           ///< no chat service is at this address
    bool isKeyRefused = false;
    std::optional<KeyHeader> wantedHeader{};  ///< see ChatOutcome
};

/// Asks a question of a few tokens until it is understood and answered with one of the choices: once, where all is as
/// usual, and at most MostProbes times. What a refusal names is changed, one after another (see learnFrom); one that
/// names nothing is followed by: without probabilities, as JSON, as text, then other usual causes. A model that thinks
/// is given room for it and told to think as little as the service takes. What concerns the address, the key or the
/// model is an error; so is a service that is not reached. Then its list of models is read for the length of the
/// context; where it has none, that stays unknown. Blocks in an event loop,
/// see askAll.
[[nodiscard]] base::Result<Capabilities> probe(ChatEndpoint endpoint, const HttpTimeouts &timeouts,
                                               const base::WorkContext &context, ProbeNotes *notes = nullptr);
constexpr int MostProbes = 24;

/// The question of a probe: of a few tokens, and harmless.
[[nodiscard]] ChatQuestion harmlessQuestion(AnswerForm form);

/// What a list of models (as GET /models of OpenAI's API answers, with what vLLM, llama.cpp, LM Studio, OpenRouter,
/// Groq, Mistral, Together and Anthropic add to it) says of a model's context, in tokens; 0: nothing. Any bytes.
[[nodiscard]] int64_t contextLengthIn(const std::string &models, const std::string &model);

[[nodiscard]] const char *name(AnswerForm form);
/// schema, json or text.
[[nodiscard]] std::optional<AnswerForm> answerFormNamed(std::string_view name);

}  // namespace core
