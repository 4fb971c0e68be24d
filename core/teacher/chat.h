// SPDX-License-Identifier: Apache-2.0
// Questions to a chat service and its answers, in the two dialects that services speak: OpenAI's chat completions
// (OpenAI, Ollama, vLLM, LM Studio, llama.cpp and many more) and Anthropic's messages.
#pragma once

#include "core/teacher/calls/answer_store.h"
#include "core/teacher/calls/call_scheduler.h"
#include "core/teacher/calls/retry_after.h"
#include "core/teacher/calls/token_usage.h"
#include "core/teacher/request_shape.h"
#include "core/teacher/service_error.h"

#include <string>
#include <vector>

namespace core {

enum class ChatDialect { ChatCompletions, AnthropicMessages };

/// The header that a service expects the key in.
enum class KeyHeader {
    Bearer,  ///< Authorization: Bearer KEY
    ApiKey,  ///< api-key: KEY, as Azure does
    XApiKey  ///< x-api-key: KEY, as Anthropic does
};

/// How a service is held to the list of classes.
enum class AnswerForm {
    Schema,  ///< a JSON schema with the classes, or a tool whose input has it: valid by construction
    Json,    ///< any JSON object
    Text     ///< the name of the class alone
};

struct ChatEndpoint {
    std::string address;  ///< as services state it: https://api.openai.com/v1, http://127.0.0.1:8080/v1; a query (of
                          ///< Azure, the version) stays behind the path of each call
    std::string model;    ///< as the service calls it
    std::string key;      ///< may be empty; in no message, log or file
    ChatDialect dialect = ChatDialect::ChatCompletions;
    AnswerForm form = AnswerForm::Schema;
    std::string identity{};                   ///< what its answers are kept under; empty: the address
    bool wantsAlternatives = false;           ///< probabilities of the first token, where the service gives them
    int64_t contextLength = 0;                ///< tokens of a question with its answer, at most; 0: not known
    RequestShape shape{};                     ///< learned from what it refuses
    KeyHeader keyHeader = KeyHeader::Bearer;  ///< of chat completions

    [[nodiscard]] std::string url() const;
    /// Where it says which models it has.
    [[nodiscard]] std::string modelsUrl() const;
    /// Of every request, the key among them.
    [[nodiscard]] HttpHeaders headers() const;
};

struct ChatTurn {
    bool isTeacher = false;  ///< else the user's
    std::string text;
};

struct ChatQuestion {
    std::string system;
    std::vector<ChatTurn> turns;         ///< examples in pairs, then the question
    std::vector<std::string> choices{};  ///< what may be answered; empty: anything
    bool several = false;                ///< any number of the choices
    size_t texts = 1;                    ///< asked about at once; more than one: a list of one choice each
    double temperature = 0;
    int mostTokens = 64;
    int moreThinking = 0;  ///< room for thinking beyond the endpoint's, where that was too little
};

/// Of the answer with its thinking, at most: what it may cost and what the request says.
[[nodiscard]] int64_t mostTokensOf(const ChatEndpoint &endpoint, const ChatQuestion &question);

/// The request's body. Always the same of the same.
[[nodiscard]] std::string chatBody(const ChatEndpoint &endpoint, const ChatQuestion &question);

struct HttpAnswer {
    int status = 0;  ///< 0: none came
    HttpHeaders headers{};
    std::string body{};
    std::string failure{};   ///< a sentence, where none came or it was cut off
    bool isLasting = false;  ///< of the failure: trying again will not help (a certificate, a bad address)
    std::string location{};  ///< of a redirect: the host
};

/// What came of a question: the outcome, and with Answered the answer.
struct ChatOutcome {
    CallOutcome call;
    TeacherAnswer answer{};  ///< of Declined and Unfinished what was said and what it cost
    std::optional<std::chrono::milliseconds> quotaReset{};
    UsageReport usage{};        ///< of any answer, also of one that is of no use
    bool isWrongPlace = false;  ///< no chat service is at this address; another one may be right
    bool isKeyRefused = false;
    std::optional<KeyHeader> wantedHeader{};  ///< of a refused key: where the service says that it looks for it
    std::optional<ServiceError> refusal{};    ///< of a status that refuses: what the request may learn from
    bool isUnclear = false;                   ///< Unauthorised, or only this question is: a harmless one tells
    bool hasThought = false;                  ///< it was seen to think
    bool showsThought = false;                ///< and what it thought was there to read
};

/// Reads any answer that a server may give. Messages never hold the endpoint's key, however a server echoes it.
[[nodiscard]] ChatOutcome readChatAnswer(const ChatEndpoint &endpoint, const HttpAnswer &answer,
                                         std::chrono::system_clock::time_point now);

}  // namespace core
