// SPDX-License-Identifier: Apache-2.0
// Tokens of questions and answers as services bill them, and what they cost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace core {

struct ChatQuestion;

struct TokenUsage {
    int64_t input = 0;        ///< all that was read, cached tokens among them
    int64_t output = 0;       ///< all that was written, thinking among it
    int64_t cached = 0;       ///< of the input
    int64_t reasoning = 0;    ///< of the output
    bool isEstimate = false;  ///< the service does not say all of it: the rest is counted here
    bool operator==(const TokenUsage &) const = default;

    void add(const TokenUsage &more);
};

/// Per million tokens, in any currency.
struct TokenPrices {
    double input = 0;
    double output = 0;
    std::optional<double> cached{};  ///< of input that the service had in its cache; none: as other input
    bool operator==(const TokenPrices &) const = default;

    [[nodiscard]] bool isFree() const { return input == 0 && output == 0; }
    [[nodiscard]] double of(int64_t inputTokens, int64_t outputTokens) const
    {
        return (input * static_cast<double>(inputTokens) + output * static_cast<double>(outputTokens)) / 1e6;
    }
    [[nodiscard]] double of(const TokenUsage &usage) const
    {
        return of(usage.input - usage.cached, usage.output) +
               cached.value_or(input) * static_cast<double>(usage.cached) / 1e6;
    }
};

/// With four places: whole cents are too coarse for what most jobs cost.
[[nodiscard]] std::string moneyText(double value);

/// What an answer says of its tokens.
struct UsageReport {
    bool isBilled = false;  ///< an answer came, whatever it is worth
    std::optional<int64_t> input{}, output{};
    int64_t cached = 0, reasoning = 0;
};

/// Reads the body of an answer of any service: OpenAI's chat completions and responses, Anthropic, Gemini, DeepSeek,
/// Ollama and others, by the names of the fields. Tokens that a service counts beside input and output (thinking of
/// Gemini and xAI, what Anthropic's cache reads and writes) are added to these. Any bytes.
[[nodiscard]] UsageReport readUsage(const std::string &body);

/// What the question is billed with. Where the report lacks input or output of a billed answer, it is counted by the
/// tokenizer of the default weights (without them, four bytes a token) and marked.
[[nodiscard]] TokenUsage billedUsage(const UsageReport &report, const ChatQuestion &question, const std::string &reply);

}  // namespace core
