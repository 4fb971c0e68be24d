// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/request_learning.h"

#include "core/base/lowered.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

namespace core {

namespace {

/// From the least on.
constexpr std::array<std::string_view, 6> Efforts{"none", "minimal", "low", "medium", "high", "default"};
/// As far as it is tried where the service does not say what it takes.
constexpr size_t GuessedEfforts = 3;
constexpr double AlmostZero = 0.01;
constexpr int LeastThinkingRoom = 256;

bool hasAny(const std::string &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](const char *word) { return text.find(word) != std::string::npos; });
}

bool isPartOfName(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Where the name stands as a word of its own.
size_t placeOf(const std::string &text, std::string_view name)
{
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        const size_t end = at + name.size();
        if ((at == 0 || !isPartOfName(text[at - 1])) && (end == text.size() || !isPartOfName(text[end])))
            return at;
    }
    return std::string::npos;
}

enum class Part { None, Tokens, Temperature, Alternatives, Form, Effort, Template, System };

Part partOf(const std::string &name)
{
    constexpr std::pair<std::string_view, Part> Parts[] = {{"max_tokens", Part::Tokens},
                                                           {"max_completion_tokens", Part::Tokens},
                                                           {"temperature", Part::Temperature},
                                                           {"logprobs", Part::Alternatives},
                                                           {"top_logprobs", Part::Alternatives},
                                                           {"response_format", Part::Form},
                                                           {"json_schema", Part::Form},
                                                           {"json_object", Part::Form},
                                                           {"additionalproperties", Part::Form},
                                                           {"tool_choice", Part::Form},
                                                           {"tools", Part::Form},
                                                           {"reasoning_effort", Part::Effort},
                                                           {"chat_template_kwargs", Part::Template},
                                                           {"enable_thinking", Part::Template},
                                                           {"system", Part::System}};
    const auto found = std::find_if(std::begin(Parts), std::end(Parts), [&](const auto &p) { return p.first == name; });
    return found == std::end(Parts) ? Part::None : found->second;
}

class Learning {
public:
    Learning(const ServiceError &refusal, ChatEndpoint &endpoint)
        : m_endpoint(endpoint), m_shape(endpoint.shape), m_words(refusal.words()), m_refusal(refusal)
    {
    }

    std::optional<std::string> learn()
    {
        std::string said;
        for (const Part part : parts()) {
            if (const auto one = change(part))
                said += (said.empty() ? "" : " ") + *one;
        }
        return said.empty() ? std::nullopt : std::optional(said);
    }

private:
    /// Those that it names, without its own words about others.
    [[nodiscard]] std::vector<Part> parts() const
    {
        std::vector<Part> named;
        const auto add = [&](Part part) {
            if (part != Part::None && isSent(part) && std::find(named.begin(), named.end(), part) == named.end())
                named.push_back(part);
        };
        for (const std::string &place : m_refusal.places)
            add(partOf(base::lowered(place)));
        if (!named.empty())
            return named;
        std::string parameter = base::lowered(m_refusal.parameter);
        if (parameter.ends_with("role") || hasAny(m_words, {"'system' role", "\"system\" role", "system role"}) ||
            (parameter.starts_with("messages") && hasAny(m_words, {"'system'", "system message", "role"})) ||
            hasAny(m_words, {"does not support 'system'", "system messages are not", "system message is not",
                             "system instruction is not", "developer instruction is not"}))
            add(Part::System);
        // The word JSON is in every request that needs it: who asks for it all the same is not asked for JSON.
        if (named.empty() && hasAny(m_words, {"must contain the word"}))
            add(Part::Form);
        if (!named.empty())
            return named;
        parameter = parameter.substr(0, parameter.find_first_of(".["));
        add(partOf(parameter));
        if (!named.empty())
            return named;
        if (!hasAny(m_words, {"support",          "unknown",     "unrecognized",  "unrecognised", "unexpected",
                              "not permitted",    "not allowed", "extra",         "invalid",      "cannot find",
                              "only the default", "must",        "not available", "not enabled",  "cannot",
                              "compatible",       "deprecated",  "instead",       "additional",   "require",
                              "disallowed",       "forbidden",   "unable",        "too large",    "should",
                              "exceed",           "greater"}))
            return named;
        // Of several the one that is spoken of first.
        size_t first = std::string::npos;
        Part part = Part::None;
        for (const char *name : {"max_tokens", "max_completion_tokens", "temperature", "logprobs", "top_logprobs",
                                 "response_format", "json_schema", "json_object", "additionalproperties", "tool_choice",
                                 "tools", "reasoning_effort", "chat_template_kwargs", "enable_thinking"}) {
            const size_t at = placeOf(m_words, name);
            if (at < first && isSent(partOf(name))) {
                first = at;
                part = partOf(name);
            }
        }
        add(part);
        return named;
    }

    [[nodiscard]] bool isSent(Part part) const
    {
        switch (part) {
        case Part::None: return false;
        case Part::Tokens: return !m_shape.tokensField.empty();
        case Part::Temperature: return m_shape.takesTemperature;
        case Part::Alternatives: return m_endpoint.wantsAlternatives;
        case Part::Form: return m_endpoint.form != AnswerForm::Text;
        case Part::Effort: return !m_shape.effort.empty();
        case Part::Template: return m_shape.turnsThinkingOff;
        case Part::System: return m_shape.takesSystem;
        }
        return false;
    }

    std::optional<std::string> change(Part part)
    {
        switch (part) {
        case Part::None: return std::nullopt;
        case Part::Tokens: return changeTokens();
        case Part::Temperature:
            if (m_shape.leastTemperature == 0 &&
                hasAny(m_words, {"strictly positive", "greater than 0", "greater than zero", "must be positive"})) {
                m_shape.leastTemperature = AlmostZero;
                return "It does not take a temperature of 0, so a very small one is sent.";
            }
            m_shape.takesTemperature = false;
            return "It takes no temperature, so its answers may differ from one time to the next.";
        case Part::Alternatives:
            m_endpoint.wantsAlternatives = false;
            return "It gives no probabilities, so it does not say how sure it is.";
        case Part::Form:
            m_endpoint.form = m_endpoint.form == AnswerForm::Schema ? AnswerForm::Json : AnswerForm::Text;
            return m_endpoint.form == AnswerForm::Json ? "It takes no schema, so it is asked for JSON."
                                                       : "It takes no JSON form, so it is asked in words alone.";
        case Part::Effort: return changeEffort();
        case Part::Template: m_shape.turnsThinkingOff = false; return "Its thinking cannot be turned off.";
        case Part::System:
            m_shape.takesSystem = false;
            return "It takes no system message, so the instructions stand in the first message.";
        }
        return std::nullopt;
    }

    std::optional<std::string> changeTokens()
    {
        const bool isTooMuch = hasAny(m_words, {"too large", "at most", "less than or equal", "maximum", "exceed"}) &&
                               !hasAny(m_words, {"unsupported", "not supported", "instead"});
        if (isTooMuch) {
            if (m_shape.thinkingTokens <= LeastThinkingRoom)
                return std::nullopt;
            m_shape.thinkingTokens /= 4;
            return "It takes shorter answers only, so there is less room for thinking.";
        }
        if (m_shape.tokensField == "max_tokens") {
            m_shape.tokensField = "max_completion_tokens";
            return "It wants the limit of an answer as max_completion_tokens.";
        }
        m_shape.tokensField.clear();
        return "It takes no limit of an answer's length.";
    }

    std::optional<std::string> changeEffort()
    {
        const std::string refused = std::exchange(m_shape.effort, std::string());
        const bool isUnknown = hasAny(m_words, {"unsupported parameter", "unsupported_parameter", "unrecognized",
                                                "unrecognised", "unknown", "extra", "cannot find field", "unexpected",
                                                "not permitted", "does not support reasoning_effort"});
        if (isUnknown)
            return "How much it thinks cannot be set.";
        // The least of those that it lists, else the next one.
        for (const std::string_view effort : Efforts) {
            for (const char quote : {'\'', '"', '`'}) {
                const std::string quoted = quote + std::string(effort) + quote;
                if (effort != refused && m_words.find(quoted) != std::string::npos)
                    return withEffort(effort);
            }
        }
        const auto at = std::find(Efforts.begin(), Efforts.end(), refused);
        const auto next = static_cast<size_t>(at - Efforts.begin()) + 1;
        if (next < GuessedEfforts)
            return withEffort(Efforts[next]);
        return "How much it thinks cannot be set.";
    }

    std::string withEffort(std::string_view effort)
    {
        m_shape.effort = effort;
        return "Its effort is set to " + m_shape.effort + ".";
    }

    ChatEndpoint &m_endpoint;
    RequestShape &m_shape;
    std::string m_words;
    const ServiceError &m_refusal;
};

}  // namespace

std::optional<std::string> learnFrom(const ServiceError &refusal, ChatEndpoint &endpoint)
{
    // Others are about the key, the pace or the service itself.
    constexpr int Statuses[] = {400, 403, 404, 422, 500, 501};
    if (std::find(std::begin(Statuses), std::end(Statuses), refusal.status) == std::end(Statuses))
        return std::nullopt;
    return Learning(refusal, endpoint).learn();
}

bool thinkLess(ChatEndpoint &endpoint, bool isVisible)
{
    if (endpoint.dialect != ChatDialect::ChatCompletions || !endpoint.shape.effort.empty() ||
        endpoint.shape.turnsThinkingOff)
        return false;
    endpoint.shape.effort = Efforts.front();
    // Services that hide what is thought have no template to tell.
    endpoint.shape.turnsThinkingOff = isVisible;
    return true;
}

std::optional<std::string> guessCause(ChatEndpoint &endpoint)
{
    RequestShape &shape = endpoint.shape;
    if (shape.takesTemperature) {
        shape.takesTemperature = false;
        return "It takes no temperature, so its answers may differ from one time to the next.";
    }
    if (shape.tokensField == "max_tokens") {
        shape.tokensField = "max_completion_tokens";
        return "It wants the limit of an answer as max_completion_tokens.";
    }
    if (shape.takesSystem) {
        shape.takesSystem = false;
        return "It takes no system message, so the instructions stand in the first message.";
    }
    return std::nullopt;
}

}  // namespace core
