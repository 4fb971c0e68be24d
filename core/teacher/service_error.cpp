// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/service_error.h"

#include "core/base/lowered.h"
#include "core/base/trimmed.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>

using nlohmann::json;
using std::chrono::milliseconds;

namespace core {

namespace {

/// A server's own words beyond that say nothing more.
constexpr size_t MostMessage = 4096;
/// Of them for people, in bytes.
constexpr size_t MostSaid = 200;
/// An error in an error in an error.
constexpr int MostDepth = 8;
constexpr milliseconds LongestWait = std::chrono::hours(24);

bool hasAny(const std::string &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&](const char *word) { return text.find(word) != std::string::npos; });
}

/// Quoted names in the list behind each "loc", in JSON or as Python writes it.
void addPlaces(const std::string &text, std::vector<std::string> &places)
{
    for (size_t at = text.find("loc"); at != std::string::npos; at = text.find("loc", at + 3)) {
        const size_t open = text.find_first_not_of("'\"\\: ", at + 3);
        if (open == std::string::npos || (text[open] != '[' && text[open] != '('))
            continue;
        const size_t close = text.find_first_of("])", open);
        std::string name;
        for (size_t i = open; i < std::min(close, text.size()); ++i) {
            if (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_' || text[i] == '-') {
                name += text[i];
                continue;
            }
            if (!name.empty() && name != "body")
                places.push_back(name);
            name.clear();
        }
    }
}

/// "38s", "1.5s", "7m12.5s", "250ms", "20 seconds" at the begin of the text.
std::optional<milliseconds> durationAt(std::string_view text)
{
    double sum = 0;
    bool isAny = false;
    for (;;) {
        double value = 0;
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
        if (error != std::errc() || value < 0 || value > 1e7)
            break;
        std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
        while (rest.starts_with(' '))
            rest.remove_prefix(1);
        double unit = 0;
        size_t length = 0;
        constexpr std::pair<std::string_view, double> Units[] = {{"ms", 1},           {"sec", 1000}, {"min", 60'000},
                                                                 {"hour", 3'600'000}, {"s", 1000},   {"m", 60'000},
                                                                 {"h", 3'600'000}};
        for (const auto &[name, worth] : Units) {
            if (rest.starts_with(name)) {
                unit = worth;
                length = name.size();
                break;
            }
        }
        if (unit == 0)
            break;
        sum += value * unit;
        isAny = true;
        text = rest.substr(length);
    }
    if (!isAny || !(sum > 0))
        return std::nullopt;
    return std::min(milliseconds(static_cast<int64_t>(sum) + 1), LongestWait);
}

/// "Please try again in 6.5s.", "Please retry after 20 seconds."
std::optional<milliseconds> waitIn(const std::string &message)
{
    const std::string text = base::lowered(message);
    for (const char *before : {"try again in ", "retry in ", "retry after ", "try again after ", "wait "}) {
        const size_t at = text.find(before);
        if (at == std::string::npos)
            continue;
        if (const auto wait = durationAt(std::string_view(text).substr(at + std::string_view(before).size())))
            return wait;
    }
    return std::nullopt;
}

class ErrorReader {
public:
    ServiceError read(const std::string &body)
    {
        const json parsed = json::parse(body, nullptr, false);
        const auto begin = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
        if (!parsed.is_discarded())
            take(parsed, 0);
        else if (begin != std::string::npos && body[begin] != '<')
            m_error.message = body.substr(begin, MostMessage);
        addPlaces(m_error.message.substr(0, MostMessage), m_error.places);
        if (!m_error.wait)
            m_error.wait = waitIn(m_error.message);
        return std::move(m_error);
    }

private:
    static std::string text(const json &object, const char *name)
    {
        const auto found = object.find(name);
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    }

    void addMessage(const std::string &words)
    {
        if (words.empty() || m_error.message.find(words) != std::string::npos)
            return;
        m_error.message += (m_error.message.empty() ? "" : " ") + words.substr(0, MostMessage);
    }

    void take(const json &value, int depth)
    {
        if (depth > MostDepth)
            return;
        if (value.is_string()) {
            // Some pass on what another service has said, as text.
            const std::string words = value.get<std::string>();
            const json inner = words.starts_with("{") ? json::parse(words, nullptr, false) : json();
            if (inner.is_object())
                take(inner, depth + 1);
            else
                addMessage(words);
            return;
        }
        if (value.is_array()) {
            for (size_t i = 0; i < std::min<size_t>(value.size(), 16); ++i)
                take(value[i], depth + 1);
            return;
        }
        if (!value.is_object())
            return;
        for (const char *name : {"code", "type", "status", "reason"}) {
            const auto found = value.find(name);
            if (found != value.end() && (found->is_string() || found->is_number_integer()))
                m_error.kind += base::lowered(found->is_string() ? found->get<std::string>() : found->dump()) + " ";
        }
        if (m_error.parameter.empty())
            m_error.parameter = text(value, "param");
        if (m_error.failedAnswer.empty())
            m_error.failedAnswer = text(value, "failed_generation");
        if (const auto wait = durationAt(text(value, "retryDelay")))
            m_error.wait = wait;
        for (const char *name : {"reasons", "flagged_input"})
            m_error.isFlagged = m_error.isFlagged || (value.contains(name) && !value[name].empty());
        if (const auto loc = value.find("loc"); loc != value.end() && loc->is_array())
            addPlaces("loc:" + loc->dump(-1, ' ', false, json::error_handler_t::replace), m_error.places);
        for (const char *name : {"message", "msg", "detail", "error", "description", "raw", "details", "metadata",
                                 "innererror", "inner_error", "fieldViolations", "violations", "errors"}) {
            if (const auto found = value.find(name); found != value.end())
                take(*found, depth + 1);
        }
    }

    ServiceError m_error;
};

}  // namespace

std::string ServiceError::words() const
{
    return base::lowered(kind + message.substr(0, MostMessage));
}

ServiceError readServiceError(const std::string &body)
{
    return ErrorReader().read(body);
}

bool hasContentCode(const ServiceError &error)
{
    return error.isFlagged ||
           hasAny(error.kind, {"content_filter", "contentfilter", "responsibleaipolicyviolation", "content_policy",
                               "contentpolicy", "data_inspection", "datainspection", "moderation", "invalid_prompt",
                               "prohibited_content", "safety", "guardrail", "sensitive", "1301 "});
}

std::string saying(std::string words, const std::string &key)
{
    // Servers cut keys short when they repeat them: so much of it is not said either.
    for (size_t length = key.size(); length >= 8; length /= 2) {
        for (size_t place = words.find(key.substr(0, length)); place != std::string::npos;
             place = words.find(key.substr(0, length)))
            words.replace(place, std::min(key.size(), words.size() - place), "(key)");
    }
    std::replace_if(
        words.begin(), words.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    words = std::string(base::trimmed(words));
    if (words.size() > MostSaid) {
        size_t end = MostSaid;
        while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80)
            --end;  // not inside a character
        words = words.substr(0, end) + "...";
    } else if (!words.empty() && std::string_view(".!?").find(words.back()) == std::string_view::npos) {
        words += ".";  // another sentence may follow
    }
    return words.empty() ? std::string() : " It says: " + words;
}

bool refusesContent(const ServiceError &error)
{
    if (hasContentCode(error))
        return true;
    return hasAny(base::lowered(error.message), {"content filter",
                                                 "content_filter",
                                                 "content management policy",
                                                 "content policy",
                                                 "content polic",
                                                 "usage policy",
                                                 "usage policies",
                                                 "moderation",
                                                 "flagged",
                                                 "inappropriate content",
                                                 "content exists risk",
                                                 "considered high risk",
                                                 "safety system",
                                                 "safety polic",
                                                 "safety filter",
                                                 "safety reasons",
                                                 "prohibited content",
                                                 "harmful content",
                                                 "violates our",
                                                 "violating our",
                                                 "sensitive content",
                                                 "guardrail",
                                                 "content blocked",
                                                 "blocked by safety"});
}

bool refusesKey(const ServiceError &error)
{
    return hasAny(error.words(), {"api key",         "api_key",
                                  "apikey",          "permission",
                                  "unauthorized",    "unauthorised",
                                  "authentication",  "authorization",
                                  "credential",      "country",
                                  "region",          "territory",
                                  "organization",    "organisation",
                                  "project",         "subscription",
                                  "billing",         "credit",
                                  "key limit",       "suspended",
                                  "deactivated",     "disabled",
                                  "not have access", "no access",
                                  "access to model", "access to this model",
                                  "quota",           "ip address"});
}

bool isKeyWrong(const ServiceError &error)
{
    return hasAny(error.words(), {"api key not valid", "api_key_invalid", "invalid api key", "invalid_api_key",
                                  "incorrect api key", "invalid x-api-key", "authentication_error"});
}

bool isModelUnknown(const ServiceError &error)
{
    if (hasAny(error.kind, {"model_not_found", "invalid_model", "model_not_exist", "deploymentnotfound"}))
        return true;
    const std::string words = base::lowered(error.message);
    return words.find("model") != std::string::npos &&
           hasAny(words, {"does not exist", "not exist", "not found", "not a valid model", "invalid model",
                          "unknown model", "no such model", "unexpected model name", "model is not available"});
}

bool isTooLong(const ServiceError &error)
{
    return hasAny(error.words(), {"context_length", "context length", "context window", "maximum context", "too long",
                                  "too many tokens", "exceeds the available context", "string_above_max_length"});
}

bool isQuotaUsedUp(const ServiceError &error, bool saysWait)
{
    if (hasAny(error.kind, {"insufficient_quota", "billing_hard_limit", "billing_not_active", "insufficient_balance",
                            "insufficient_credit", "credit_exhausted", "credits_exhausted", "out_of_credit",
                            "exceeded_current_quota", "payment_required", "account_suspended", "account_deactivated"}))
        return true;
    const std::string words = error.words();
    const bool passes = saysWait || error.wait ||
                        hasAny(words, {"rate limit", "rate_limit", "ratelimit", "rate-limit", "per minute", "per min",
                                       "per second", "perminute", "per day", "perday", "per hour", "too many requests",
                                       "rpm", "tpm", "rpd", "tpd", "concurren", "slow down", "overloaded"});
    // "You exceeded your current quota" alone is said of both.
    return !passes && hasAny(words, {"insufficient_quota", "insufficient quota", "insufficient balance",
                                     "out of credit", "no credit", "credit balance"});
}

bool isCreditUsedUp(const ServiceError &error)
{
    return hasAny(error.kind, {"insufficient_quota", "insufficient_balance", "insufficient_credit",
                               "billing_not_active", "billing_hard_limit"}) ||
           hasAny(base::lowered(error.message),
                  {"credit balance is too low", "insufficient balance", "insufficient credits"});
}

}  // namespace core
