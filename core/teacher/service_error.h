// SPDX-License-Identifier: Apache-2.0
// What a service says when it refuses a request, in whichever form its vendor says it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace core {

struct ServiceError {
    int status = 0;                     ///< of HTTP
    std::string message{};              ///< in its own words; empty where it has none
    std::string kind{};                 ///< its codes, types and statuses, lower case, a space between them
    std::string parameter{};            ///< the field of the request that it names, as it writes it
    std::vector<std::string> places{};  ///< fields of the request that a list of problems names ("loc")
    bool isFlagged = false;             ///< it lists what a moderation has found
    std::string failedAnswer{};         ///< what the model wrote, where the service took that for no JSON
    std::optional<std::chrono::milliseconds> wait{};  ///< asked for in the body, at most a day

    /// Of all that it says, lower case: for decisions, not for people.
    [[nodiscard]] std::string words() const;
};

/// Reads OpenAI's form and those like it (Azure, OpenRouter, Groq, DeepSeek), lists of problems (FastAPI, vLLM,
/// Mistral), Google's, Anthropic's, and plain text. Any bytes.
[[nodiscard]] ServiceError readServiceError(const std::string &body);

/// " It says: " and a service's own words, to stand behind a sentence: short, on one line, and without the key, however
/// it echoes it. Empty where it has none.
[[nodiscard]] std::string saying(std::string words, const std::string &key);

/// The content of this one request is what the service refuses: a content filter or a moderation.
[[nodiscard]] bool refusesContent(const ServiceError &error);
/// The same, by a code or a list of findings, not by words alone.
[[nodiscard]] bool hasContentCode(const ServiceError &error);
/// It speaks of the key, the account or the country, so that no request will do.
[[nodiscard]] bool refusesKey(const ServiceError &error);
/// The key is wrong, or there is no such model, though the status says something else.
[[nodiscard]] bool isKeyWrong(const ServiceError &error);
[[nodiscard]] bool isModelUnknown(const ServiceError &error);
/// The request is longer than what the model reads.
[[nodiscard]] bool isTooLong(const ServiceError &error);
/// Of 429: the account has no money or quota left, so that no waiting helps. Its codes decide; where they are silent, a
/// wait or a limit by the minute that is named (`saysWait`: in its head) means that it passes.
[[nodiscard]] bool isQuotaUsedUp(const ServiceError &error, bool saysWait);
/// Of any status: the account has no credit left.
[[nodiscard]] bool isCreditUsedUp(const ServiceError &error);

}  // namespace core
