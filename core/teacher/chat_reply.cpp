// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat_reply.h"

#include "core/base/lowered.h"

#include <algorithm>
#include <cmath>

using nlohmann::json;

namespace core {

namespace {

std::string dumped(const json &value)
{
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
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

/// Text, or parts of which some are text; what others think goes to `said`.
std::string contentOf(const json &content, Said &said)
{
    if (!content.is_array())
        return textOf(content);
    std::string text;
    for (const json &part : content) {
        const std::string type = textOf(at(part, "type"));
        if (type == "thinking" || type == "reasoning" || type == "redacted_thinking")
            said.hasThought = true;
        else if (type == "refusal")
            said.refusal += textOf(at(part, "refusal"));
        else
            text += part.is_string() ? textOf(part) : textOf(at(part, "text"));
    }
    return text;
}

}  // namespace

std::map<std::string, double> alternativesOf(const json &choice, size_t from)
{
    std::map<std::string, double> alternatives;
    const json &tokens = at(at(choice, "logprobs"), "content");
    if (!tokens.is_array() || tokens.empty())
        return alternatives;
    size_t first = 0;
    for (size_t length = 0; first + 1 < tokens.size() && length < from; ++first)
        length += textOf(at(tokens[first], "token")).size();
    while (from > 0 && first + 1 < tokens.size() &&
           textOf(at(tokens[first], "token")).find_first_not_of(" \t\r\n") == std::string::npos)
        ++first;
    size_t place = first;
    std::string before;
    for (size_t i = first; i < tokens.size(); ++i) {
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

std::optional<Said> readCompletions(const json &body)
{
    const json &choices = at(body, "choices");
    if (!choices.is_array() || choices.empty())
        return std::nullopt;
    const json &choice = choices.front();
    const json &message = at(choice, "message");
    if (textOf(at(choice, "finish_reason")) == "error")
        return std::nullopt;
    const json &usage = at(body, "usage");
    Said said;
    said.end = base::lowered(textOf(at(choice, "finish_reason")));
    said.refusal = textOf(at(message, "refusal"));
    said.answer.reply = contentOf(at(message, "content"), said);
    said.answer.inputTokens = countOf(at(usage, "prompt_tokens"));
    said.answer.outputTokens = countOf(at(usage, "completion_tokens"));
    for (const char *name : {"reasoning_content", "reasoning", "thinking"}) {
        if (said.thought.empty())
            said.thought = textOf(at(message, name));
    }
    said.hasThought = said.hasThought || !said.thought.empty() ||
                      countOf(at(at(usage, "completion_tokens_details"), "reasoning_tokens")) > 0;
    const bool hasContent = at(message, "content").is_string() || at(message, "content").is_array();
    const bool saysWhyNot = !said.refusal.empty() || !said.thought.empty() || (!said.end.empty() && said.end != "stop");
    return hasContent || saysWhyNot ? std::optional(std::move(said)) : std::nullopt;
}

std::optional<Said> readMessages(const json &body)
{
    const json &content = at(body, "content");
    if (!content.is_array())
        return std::nullopt;
    const json &usage = at(body, "usage");
    Said said;
    said.end = base::lowered(textOf(at(body, "stop_reason")));
    said.answer = {
        contentOf(content, said), {}, countOf(at(usage, "input_tokens")), countOf(at(usage, "output_tokens"))};
    for (const json &part : content) {
        if (textOf(at(part, "type")) == "tool_use" && at(part, "input").is_object()) {
            said.answer.reply = dumped(at(part, "input"));
            break;
        }
    }
    const bool isNothing = content.empty() && said.end != "refusal" && said.end != "max_tokens";
    return isNothing ? std::nullopt : std::optional(std::move(said));
}

}  // namespace core
