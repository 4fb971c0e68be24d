// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat.h"

#include "core/base/lowered.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

using base::ErrorCode;
using nlohmann::json;
using Kind = core::CallOutcome::Kind;

namespace core {

namespace {

constexpr size_t MostSaid = 200;  ///< characters of a server's own words
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

json completionsBody(const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    json body{{"model", endpoint.model},
              {"temperature", question.temperature},
              {"max_tokens", question.mostTokens},
              {"messages", json::array()}};
    if (!question.system.empty())
        body["messages"].push_back({{"role", "system"}, {"content", question.system}});
    for (auto &turn : turnsOf(question))
        body["messages"].push_back(std::move(turn));
    if (!question.choices.empty() && endpoint.form == AnswerForm::Schema)
        body["response_format"] = {
            {"type", "json_schema"},
            {"json_schema", {{"name", AnswerTool}, {"strict", true}, {"schema", schemaOf(question)}}}};
    else if (!question.choices.empty() && endpoint.form == AnswerForm::Json)
        body["response_format"] = {{"type", "json_object"}};
    if (endpoint.wantsAlternatives) {
        body["logprobs"] = true;
        body["top_logprobs"] = MostAlternatives;
    }
    return body;
}

json messagesBody(const ChatEndpoint &endpoint, const ChatQuestion &question)
{
    json body{{"model", endpoint.model},
              {"temperature", question.temperature},
              {"max_tokens", question.mostTokens},
              {"messages", turnsOf(question)}};
    if (!question.system.empty())
        body["system"] = question.system;
    if (!question.choices.empty() && endpoint.form == AnswerForm::Schema) {
        body["tools"] = {
            {{"name", AnswerTool}, {"description", "Gives the answer."}, {"input_schema", schemaOf(question)}}};
        body["tool_choice"] = {{"type", "tool"}, {"name", AnswerTool}};
    }
    return body;
}

/// The member of an object, or null.
const json &at(const json &value, const char *name)
{
    static const json None;
    const auto found = value.is_object() ? value.find(name) : value.end();
    return value.is_object() && found != value.end() ? *found : None;
}

std::string textOf(const json &value)
{
    return value.is_string() ? value.get<std::string>() : std::string();
}

int64_t countOf(const json &value)
{
    return value.is_number() && value.get<double>() >= 0 && value.get<double>() < 1e12
               ? static_cast<int64_t>(value.get<double>())
               : 0;
}

/// What was possible in place of the first token that tells classes apart: of JSON the one behind the opening quote of
/// the value, else the first.
std::map<std::string, double> alternativesOf(const json &choice)
{
    std::map<std::string, double> alternatives;
    const json &tokens = at(at(choice, "logprobs"), "content");
    if (!tokens.is_array() || tokens.empty())
        return alternatives;
    size_t place = 0;
    std::string before;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const auto colon = before.find(':');
        if (before.find('{') != std::string::npos && colon != std::string::npos &&
            before.find('"', colon) != std::string::npos) {
            place = i;
            break;
        }
        before += textOf(at(tokens[i], "token"));
    }
    for (const json &other : at(tokens[place], "top_logprobs")) {
        if (at(other, "logprob").is_number())
            alternatives[textOf(at(other, "token"))] += std::exp(std::min(at(other, "logprob").get<double>(), 0.0));
    }
    return alternatives;
}

std::optional<TeacherAnswer> readCompletions(const json &body)
{
    const json &choices = at(body, "choices");
    if (!choices.is_array() || choices.empty())
        return std::nullopt;
    const json &message = at(choices.front(), "message");
    if (!at(message, "content").is_string())
        return std::nullopt;
    const json &usage = at(body, "usage");
    return TeacherAnswer{textOf(at(message, "content")), alternativesOf(choices.front()),
                         countOf(at(usage, "prompt_tokens")), countOf(at(usage, "completion_tokens"))};
}

std::optional<TeacherAnswer> readMessages(const json &body)
{
    const json &content = at(body, "content");
    if (!content.is_array())
        return std::nullopt;
    const json &usage = at(body, "usage");
    TeacherAnswer answer{{}, {}, countOf(at(usage, "input_tokens")), countOf(at(usage, "output_tokens"))};
    for (const json &part : content) {
        if (textOf(at(part, "type")) == "tool_use" && at(part, "input").is_object()) {
            answer.reply = dumped(at(part, "input"));
            return answer;
        }
        answer.reply += textOf(at(part, "text"));
    }
    return content.empty() ? std::nullopt : std::optional(std::move(answer));
}

/// What a server says of itself, short, on one line and without the key.
std::string ownWords(const std::string &body, const std::string &key)
{
    const json parsed = json::parse(body, nullptr, false);
    const json &error = at(parsed, "error");
    std::string words = textOf(at(error, "message"));
    if (words.empty())
        words = textOf(error);
    if (words.empty())
        words = textOf(at(parsed, "message"));
    // Servers cut keys short when they repeat them: so much of it is not said either.
    for (size_t length = key.size(); length >= 8; length /= 2) {
        for (size_t place = words.find(key.substr(0, length)); place != std::string::npos;
             place = words.find(key.substr(0, length)))
            words.replace(place, std::min(key.size(), words.size() - place), "(key)");
    }
    std::replace_if(
        words.begin(), words.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    if (words.size() > MostSaid)
        words = words.substr(0, MostSaid) + "...";
    return words.empty() ? std::string() : " It says: " + words;
}

bool mentions(const std::string &body, std::initializer_list<const char *> words)
{
    std::string lower = body.substr(0, 4096);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::any_of(words.begin(), words.end(),
                       [&](const char *word) { return lower.find(word) != std::string::npos; });
}

/// Whether a model wrote it: LM Studio and others say also with 200 that there is nothing.
bool isOfAModel(const std::string &body)
{
    const json parsed = json::parse(body, nullptr, false);
    return parsed.is_object() && (parsed.contains("choices") || parsed.contains("content")) &&
           at(parsed, "error").is_null();
}

bool isWebPage(const HttpAnswer &answer)
{
    const auto begin = answer.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    return begin != std::string::npos && answer.body[begin] == '<';
}

/// Whether JSON that says "not found" says it of a model or deployment.
bool isOfTheModel(const std::string &body, const std::string &model)
{
    const json parsed = json::parse(body, nullptr, false);
    const json &error = at(parsed, "error");
    std::string words;
    for (const json *place : {&error, &at(error, "message"), &at(error, "code"), &at(error, "type"),
                              &at(parsed, "message"), &at(parsed, "detail"), &at(parsed, "code")})
        words += textOf(*place) + "\n";
    if (!model.empty() && words.find(model) != std::string::npos)
        return true;
    words = base::lowered(words);
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
        ChatOutcome outcome = m_answer.status >= 200 && m_answer.status < 300 && m_answer.failure.empty()
                                  ? success()
                                  : ChatOutcome{refusal()};
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
        auto answer = body.is_discarded() ? std::nullopt : isAnthropic ? readMessages(body) : readCompletions(body);
        if (answer)
            return {{}, std::move(*answer)};
        if (isWebPage(m_answer))
            return {call(Kind::Failed, ErrorCode::Io,
                         "A web page came instead of the teacher's answer: a login or a proxy stands between, or the "
                         "address is not that of its API.")};
        return {call(Kind::Failed, ErrorCode::Io,
                     body.is_discarded()
                         ? "The teacher's answer was cut off or is no JSON."
                         : "The teacher's answer holds no text." + ownWords(m_answer.body, m_endpoint.key))};
    }

    [[nodiscard]] CallOutcome refusal() const
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
        switch (status) {
        case 400:
            if (mentions(m_answer.body, {"context_length", "context length", "context window", "maximum context",
                                         "too long", "too many tokens", "exceeds the available context"}))
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
            if (mentions(m_answer.body, {"insufficient_quota", "exceeded your current quota", "billing"}))
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
