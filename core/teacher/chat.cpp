// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat.h"

#include "core/base/lowered.h"
#include "core/teacher/chat_reply.h"
#include "core/teacher/thinking.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using base::ErrorCode;
using nlohmann::json;
using Kind = core::CallOutcome::Kind;

namespace core {

namespace {

constexpr int MostAlternatives = 5;
constexpr const char *AnswerTool = "answer";

json schemaOf(const ChatQuestion &question)
{
    const json choice{{"type", "string"}, {"enum", question.choices}};
    const bool isList = question.several || question.texts > 1;
    const char *name = isList ? "labels" : "label";
    json value = isList ? json{{"type", "array"}, {"items", choice}} : choice;
    if (question.texts > 1)
        value["minItems"] = value["maxItems"] = question.texts;
    return {{"type", "object"},
            {"properties", {{name, value}}},
            {"required", json::array({name})},
            {"additionalProperties", false}};
}

std::string dumped(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json turnsOf(const ChatQuestion &question)
{
    auto turns = json::array();
    for (const ChatTurn &turn : question.turns)
        turns.push_back({{"role", turn.isTeacher ? "assistant" : "user"}, {"content", turn.text}});
    return turns;
}

bool mentionsJson(const json &messages)
{
    std::string all;
    for (const json &message : messages)
        all += message["content"].get<std::string>() + "\n";
    return base::lowered(all).find("json") != std::string::npos;
}

/// What limits the answer, and how it is drawn.
void addShape(json &body, const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    const RequestShape &shape = endpoint.shape;
    if (shape.takesTemperature)
        body["temperature"] = std::max(question.temperature, shape.leastTemperature);
    if (!shape.tokensField.empty())
        body[shape.tokensField] = mostTokensOf(endpoint, question);
    if (!shape.effort.empty())
        body["reasoning_effort"] = shape.effort;
    if (shape.turnsThinkingOff)
        body["chat_template_kwargs"] = {{"enable_thinking", false}};
}

json completionsBody(const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    json body{{"model", endpoint.model}, {"messages", json::array()}};
    addShape(body, endpoint, question);
    if (!question.system.empty() && endpoint.shape.takesSystem)
        body["messages"].push_back({{"role", "system"}, {"content", question.system}});
    for (auto &turn : turnsOf(question))
        body["messages"].push_back(std::move(turn));
    if (!question.system.empty() && !endpoint.shape.takesSystem && !question.turns.empty())
        body["messages"][0]["content"] = question.system + "\n\n" + question.turns.front().text;
    if (!question.choices.empty() && endpoint.form == AnswerForm::Schema) {
        body["response_format"] = {
            {"type", "json_schema"},
            {"json_schema", {{"name", AnswerTool}, {"strict", true}, {"schema", schemaOf(question)}}}};
    } else if (!question.choices.empty() && endpoint.form == AnswerForm::Json) {
        body["response_format"] = {{"type", "json_object"}};
        // Services want the word itself in the messages; prompts are the user's.
        if (!mentionsJson(body["messages"]) && !body["messages"].empty()) {
            json &first = body["messages"][0]["content"];
            first = first.get<std::string>() + "\n\nAnswer in JSON.";
        }
    }
    if (endpoint.wantsAlternatives) {
        body["logprobs"] = true;
        body["top_logprobs"] = MostAlternatives;
    }
    return body;
}

json messagesBody(const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    json body{
        {"model", endpoint.model}, {"max_tokens", mostTokensOf(endpoint, question)}, {"messages", turnsOf(question)}};
    if (endpoint.shape.takesTemperature)
        body["temperature"] = question.temperature;
    if (!question.system.empty())
        body["system"] = question.system;
    if (!question.choices.empty() && endpoint.form == AnswerForm::Schema) {
        body["tools"] = {
            {{"name", AnswerTool}, {"description", "Gives the answer."}, {"input_schema", schemaOf(question)}}};
        body["tool_choice"] = {{"type", "tool"}, {"name", AnswerTool}};
    }
    return body;
}

bool isBlank(const std::string &text)
{
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

/// An object, whole and alone.
bool isObject(const std::string &text)
{
    return json::parse(text, nullptr, false).is_object();
}

/// What a server says of itself.
std::string ownWords(const std::string &body, const std::string &key)
{
    return saying(readServiceError(body).message, key);
}

/// Whether a model wrote it: LM Studio and others say also with 200 that there is nothing.
bool isOfAModel(const std::string &body)
{
    const json parsed = json::parse(body, nullptr, false);
    return parsed.is_object() && (parsed.contains("choices") || parsed.contains("content")) &&
           (!parsed.contains("error") || parsed["error"].is_null());
}

bool mentions(const std::string &body, std::initializer_list<const char *> words)
{
    constexpr size_t MostRead = 4096;
    const std::string lower = base::lowered(body.substr(0, MostRead));
    return std::ranges::any_of(words, [&](const char *word) { return lower.find(word) != std::string::npos; });
}

bool isWebPage(const HttpAnswer &answer)
{
    const auto begin = answer.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return begin != std::string::npos && answer.body[begin] == '<';
}

/// Whether JSON that says "not found" says it of a model or deployment.
bool isOfTheModel(const std::string &body, const std::string &model)
{
    const std::string words = readServiceError(body).words();
    if (!model.empty() && words.find(base::lowered(model)) != std::string::npos)
        return true;
    for (const char *word : {"model", "deployment"}) {
        const auto place = words.find(word);
        if (place != std::string::npos && (place == 0 || words[place - 1] != '/'))  // else it is a path
            return true;
    }
    return false;
}

/// An address that was given to us may hold anything: the host alone is said.
std::string hostOf(const std::string &address)
{
    const auto scheme = address.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    const auto end = address.find_first_of("/?#", begin);
    const std::string authority = address.substr(begin, end == std::string::npos ? end : end - begin);
    return authority.substr(authority.rfind('@') + 1);
}

class Reader {
public:
    Reader(const ChatEndpoint &endpoint, const HttpAnswer &answer) : m_endpoint(endpoint), m_answer(answer) { }

    ChatOutcome read(std::chrono::system_clock::time_point now) const
    {
        ChatOutcome outcome =
            m_answer.status >= 200 && m_answer.status < 300 && m_answer.failure.empty() ? success() : refused(now);
        const auto kind = outcome.call.kind;
        if (m_answer.failure.empty()) {
            outcome.usage = readUsage(m_answer.body);
            outcome.usage.isBilled = m_answer.status >= 200 && m_answer.status < 300 && isOfAModel(m_answer.body);
        }
        if (kind == Kind::Limited || kind == Kind::Failed)
            outcome.call.wait = retryAfter(m_answer.headers, now);
        outcome.quotaReset = quotaReset(m_answer.headers, now);
        if (kind == Kind::Limited && !outcome.call.wait)
            outcome.call.wait = outcome.quotaReset;
        outcome.isWrongPlace = isWrongPlace(outcome);
        outcome.isKeyRefused = m_answer.status == 401 || m_answer.status == 403;
        if (outcome.isKeyRefused)
            outcome.wantedHeader = wantedHeader();
        if (kind == Kind::Limited && !outcome.call.wait && outcome.refusal)
            outcome.call.wait = outcome.refusal->wait;
        return outcome;
    }

private:
    /// Nothing there, or something else than a chat service: not a service that lacks the model.
    [[nodiscard]] bool isWrongPlace(const ChatOutcome &outcome) const
    {
        const int status = m_answer.status;
        if (outcome.call.kind == Kind::Answered || !m_answer.failure.empty())
            return false;
        if (status == 404 || status == 410)
            return isWebPage(m_answer) || !isOfTheModel(m_answer.body, m_endpoint.model);
        // LM Studio answers with 200 where there is nothing.
        const bool isSaid = status < 500 && mentions(m_answer.body, {"unexpected endpoint", "invalid url",
                                                                     "unknown request url", "no route", "cannot post"});
        return status == 405 || status == 501 || (status >= 300 && status < 400) || isSaid ||
               (status < 500 && isWebPage(m_answer));
    }

    [[nodiscard]] std::optional<KeyHeader> wantedHeader() const
    {
        if (mentions(m_answer.body, {"x-api-key"}))
            return KeyHeader::XApiKey;
        if (mentions(m_answer.body, {"api-key", "subscription key"}))
            return KeyHeader::ApiKey;
        const std::string asked = base::lowered(headerOf(m_answer.headers, "www-authenticate"));
        if (asked.starts_with("bearer") || mentions(m_answer.body, {"authorization header", "bearer"}))
            return KeyHeader::Bearer;
        return std::nullopt;
    }

    [[nodiscard]] CallOutcome call(Kind kind, ErrorCode code, std::string message) const
    {
        return {kind, {}, {code, std::move(message), hostOf(m_endpoint.address)}};
    }

    [[nodiscard]] ChatOutcome success() const
    {
        const json body = json::parse(m_answer.body, nullptr, false);
        const bool isAnthropic = m_endpoint.dialect == ChatDialect::AnthropicMessages;
        auto said = body.is_discarded() ? std::nullopt : isAnthropic ? readMessages(body) : readCompletions(body);
        if (said)
            return outcomeOf(std::move(*said), isAnthropic ? json() : body["choices"].front());
        if (body.is_object() && body.contains("error")) {
            if (const ServiceError error = readServiceError(m_answer.body); refusesContent(error))
                return {declined("")};
        }
        if (isWebPage(m_answer))
            return {call(Kind::Failed, ErrorCode::Io,
                         "A web page came instead of the teacher's answer: a login or a proxy stands between, or the "
                         "address is not that of its API.")};
        return {call(Kind::Failed, ErrorCode::Io,
                     body.is_discarded()
                         ? "The teacher's answer was cut off or is no JSON."
                         : "The teacher's answer holds no text." + ownWords(m_answer.body, m_endpoint.key))};
    }

    /// `why`: in the service's own words.
    [[nodiscard]] CallOutcome declined(const std::string &why) const
    {
        return call(Kind::Declined, ErrorCode::InvalidInput,
                    "The service refuses this text." +
                        (why.empty() ? ownWords(m_answer.body, m_endpoint.key) : saying(why, m_endpoint.key)));
    }

    [[nodiscard]] ChatOutcome outcomeOf(Said said, const json &choice) const
    {
        ChatOutcome outcome{{}, std::move(said.answer)};
        TeacherAnswer &answer = outcome.answer;
        SpokenPart spoken = withoutThinking(answer.reply);
        // A parser of thoughts that takes all for one: what is behind its end, or an object and nothing else.
        if (isBlank(answer.reply) && !said.thought.empty()) {
            const SpokenPart behind = withoutThinking(said.thought);
            if (behind.hasThought && !behind.isOpen && !isBlank(behind.text))
                answer.reply = behind.text;
            else if (isObject(said.thought))
                answer.reply = said.thought;
        } else if (spoken.hasThought) {
            answer.reply = spoken.text;
        }
        outcome.showsThought = !said.thought.empty() || spoken.hasThought;
        outcome.hasThought = said.hasThought || spoken.hasThought;
        answer.alternatives = alternativesOf(choice, spoken.begin);
        const bool isFiltered = said.end == "refusal" || said.end.starts_with("content_filter") ||
                                said.end == "safety" || said.end == "sensitive" || said.end == "prohibited_content" ||
                                said.end == "blocklist";
        if (isBlank(answer.reply) ? isFiltered || !said.refusal.empty()
                                  : isFiltered && answer.reply.find('}') == std::string::npos) {
            outcome.call = declined(said.refusal.empty() ? "the content filter has stopped the answer." : said.refusal);
            answer.reply = said.refusal;
        } else if (isBlank(answer.reply) &&
                   (said.end == "length" || said.end == "max_tokens" || outcome.hasThought || spoken.isOpen)) {
            outcome.hasThought = true;
            outcome.call = call(Kind::Unfinished, ErrorCode::InvalidInput,
                                "The model did not finish thinking about this text, so there is no answer.");
        }
        return outcome;
    }

    [[nodiscard]] ChatOutcome refused(std::chrono::system_clock::time_point now) const
    {
        ServiceError error = m_answer.failure.empty() ? readServiceError(m_answer.body) : ServiceError();
        error.status = m_answer.status;
        // The answer is there, only the service holds it back.
        if (m_answer.status == 400 && !error.failedAnswer.empty())
            return {{}, {withoutThinking(error.failedAnswer).text}};
        ChatOutcome outcome{refusal(error, now)};
        outcome.refusal = error;
        outcome.isUnclear = m_answer.status == 403 && outcome.call.kind == Kind::Unauthorised &&
                            (!refusesKey(error) || refusesContent(error));
        return outcome;
    }

    [[nodiscard]] CallOutcome refusal(const ServiceError &error, std::chrono::system_clock::time_point now) const
    {
        const int status = m_answer.status;
        const std::string said = " (" + std::to_string(status) + ")." + ownWords(m_answer.body, m_endpoint.key);
        if (!m_answer.failure.empty())
            return call(m_answer.isLasting ? Kind::Unauthorised : Kind::Failed, ErrorCode::Io, m_answer.failure);
        if (status >= 300 && status < 400)
            return call(Kind::Unauthorised, ErrorCode::InvalidInput,
                        "The address sends on to another one" +
                            (m_answer.location.empty() ? std::string() : " (" + m_answer.location + ")") +
                            ", and texts and keys do not follow. Enter the address that it sends to, if you trust it.");
        const bool isAboutText = status == 400 || status == 422 || status == 451 ||
                                 (status == 403 && (hasContentCode(error) || !refusesKey(error)));
        if (isAboutText && refusesContent(error))
            return declined("");
        switch (status) {
        case 400:
            if (isCreditUsedUp(error))
                return call(Kind::Unauthorised, ErrorCode::Blocked, "The teacher's account has no credit left" + said);
            if (isKeyWrong(error))
                return call(Kind::Unauthorised, ErrorCode::InvalidInput, "The teacher does not accept the key" + said);
            if (isModelUnknown(error))
                return call(Kind::Unauthorised, ErrorCode::NotFound,
                            "The teacher has no model \"" + m_endpoint.model + "\"" + said);
            if (isTooLong(error))
                return call(Kind::Refused, ErrorCode::InvalidInput, "The text is too long for the teacher" + said);
            return call(Kind::Refused, ErrorCode::InvalidInput, "The teacher does not understand the question" + said);
        case 401:
            return call(Kind::Unauthorised, ErrorCode::InvalidInput, "The teacher does not accept the key" + said);
        case 402:
            return call(Kind::Unauthorised, ErrorCode::Blocked, "The teacher's account has no credit left" + said);
        case 403:
            return call(Kind::Unauthorised, ErrorCode::InvalidInput, "The teacher does not let this key ask" + said);
        case 404:
        case 410:
            return call(Kind::Unauthorised, ErrorCode::NotFound,
                        "The teacher has no model \"" + m_endpoint.model + "\", or the address is wrong" + said);
        case 405:
        case 406:
        case 407:
        case 501:
            return call(Kind::Unauthorised, ErrorCode::InvalidInput,
                        "The address is not that of a teacher's API, or a proxy stands between" + said);
        case 413:
        case 414:
        case 415:
        case 422: return call(Kind::Refused, ErrorCode::InvalidInput, "The teacher does not take the question" + said);
        case 429:
            if (isQuotaUsedUp(error, saysWait(now)))
                return call(Kind::Unauthorised, ErrorCode::Blocked, "The account's quota is used up" + said);
            return call(Kind::Limited, ErrorCode::Busy, "The teacher asks for fewer questions at a time" + said);
        case 529: return call(Kind::Limited, ErrorCode::Busy, "The teacher has too much to do" + said);
        case 408:
        case 409:
        case 421:
        case 423:
        case 425: break;
        default:
            if (status >= 400 && status < 500)
                return call(Kind::Refused, ErrorCode::InvalidInput, "The teacher refused the question" + said);
        }
        return call(Kind::Failed, ErrorCode::Io, "The teacher does not answer as it should" + said);
    }

    /// By its head: when to come back, or what is left of a limit.
    [[nodiscard]] bool saysWait(std::chrono::system_clock::time_point now) const
    {
        if (retryAfter(m_answer.headers, now) || quotaReset(m_answer.headers, now))
            return true;
        return std::any_of(m_answer.headers.begin(), m_answer.headers.end(), [](const auto &header) {
            const std::string name = base::lowered(header.first);
            return name == "retry-after" || name.find("ratelimit") != std::string::npos;
        });
    }

    const ChatEndpoint &m_endpoint;
    const HttpAnswer &m_answer;
};

/// With its question mark; of Azure it names the version of the API.
std::string queryOf(const std::string &address)
{
    const auto query = address.find('?');
    return query == std::string::npos ? std::string() : address.substr(query);
}

/// Anthropic's address is stated with and without the version.
std::string baseOf(const ChatEndpoint &endpoint)
{
    std::string base = endpoint.address.substr(0, endpoint.address.find('?'));
    while (base.ends_with('/'))
        base.pop_back();
    const bool lacksVersion = endpoint.dialect == ChatDialect::AnthropicMessages && !base.ends_with("/v1");
    return lacksVersion ? base + "/v1" : base;
}

}  // namespace

std::string ChatEndpoint::url() const
{
    return baseOf(*this) + (dialect == ChatDialect::ChatCompletions ? "/chat/completions" : "/messages") +
           queryOf(address);
}

std::string ChatEndpoint::modelsUrl() const
{
    return baseOf(*this) + "/models" + queryOf(address);
}

HttpHeaders ChatEndpoint::headers() const
{
    HttpHeaders headers{{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    if (dialect == ChatDialect::AnthropicMessages) {
        headers.emplace_back("anthropic-version", "2023-06-01");
        if (!key.empty())
            headers.emplace_back("x-api-key", key);
    } else if (!key.empty()) {
        if (keyHeader == KeyHeader::Bearer)
            headers.emplace_back("Authorization", "Bearer " + key);
        else
            headers.emplace_back(keyHeader == KeyHeader::ApiKey ? "api-key" : "x-api-key", key);
    }
    return headers;
}

int64_t mostTokensOf(const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    return int64_t{question.mostTokens} + endpoint.shape.thinkingTokens + question.moreThinking;
}

std::string chatBody(const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    return dumped(endpoint.dialect == ChatDialect::AnthropicMessages ? messagesBody(endpoint, question)
                                                                     : completionsBody(endpoint, question));
}

ChatOutcome readChatAnswer(const ChatEndpoint &endpoint, const HttpAnswer &answer,
                           std::chrono::system_clock::time_point now)
{
    return Reader(endpoint, answer).read(now);
}

}  // namespace core
