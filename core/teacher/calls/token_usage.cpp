// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/calls/token_usage.h"

#include "core/catalogue/weights_catalogue.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/teacher/chat.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace core {

namespace {

constexpr double MostTokens = 1e12;
/// What a chat template puts around each turn, about.
constexpr int64_t TokensATurn = 4;
constexpr size_t BytesAToken = 4;

const json &at(const json &value, const char *name)
{
    static const json None;
    const auto found = value.is_object() ? value.find(name) : value.end();
    return value.is_object() && found != value.end() ? *found : None;
}

std::optional<int64_t> countOf(const json &value)
{
    double number = -1;
    if (value.is_number()) {
        number = value.get<double>();
    } else if (value.is_string()) {
        const auto &text = value.get_ref<const std::string &>();
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (problem != std::errc() || end != text.data() + text.size())
            return std::nullopt;
    }
    return number >= 0 && number < MostTokens ? std::optional(static_cast<int64_t>(number)) : std::nullopt;
}

/// The first of these fields that holds a count.
std::optional<int64_t> firstOf(const json &usage, std::initializer_list<const char *> names)
{
    for (const char *name : names) {
        if (const auto count = countOf(at(usage, name)))
            return count;
    }
    return std::nullopt;
}

std::optional<int64_t> firstIn(const json &usage, std::initializer_list<const char *> objects, const char *name)
{
    for (const char *object : objects) {
        if (const auto count = countOf(at(at(usage, object), name)))
            return count;
    }
    return std::nullopt;
}

const json &usageOf(const json &body)
{
    for (const json *place : {&at(body, "usage"), &at(body, "usageMetadata"), &at(at(body, "x_groq"), "usage")}) {
        if (place->is_object())
            return *place;
    }
    return body;
}

const engine::Tokenizer *tokenizerOrNull()
{
    static const std::shared_ptr<const engine::Tokenizer> Tokenizer = []() -> std::shared_ptr<const engine::Tokenizer> {
        const auto weights = findWeights(DefaultWeights);
        if (!weights)
            return nullptr;
        auto loaded = engine::loadTokenizer(*weights);
        return loaded ? *loaded : nullptr;
    }();
    return Tokenizer.get();
}

int64_t tokensIn(const std::string &text)
{
    const engine::Tokenizer *tokenizer = tokenizerOrNull();
    return static_cast<int64_t>(tokenizer ? tokenizer->encode(text, false).ids.size()
                                          : (text.size() + BytesAToken - 1) / BytesAToken);
}

}  // namespace

void TokenUsage::add(const TokenUsage &more)
{
    input += more.input;
    output += more.output;
    cached += more.cached;
    reasoning += more.reasoning;
    isEstimate = isEstimate || more.isEstimate;
}

UsageReport readUsage(const std::string &body)
{
    UsageReport report;
    const json parsed = json::parse(body, nullptr, false);
    if (!parsed.is_object())
        return report;
    const json &usage = usageOf(parsed);
    report.input = firstOf(usage, {"prompt_tokens", "input_tokens", "promptTokenCount", "prompt_eval_count"});
    report.output = firstOf(usage, {"completion_tokens", "output_tokens", "candidatesTokenCount", "eval_count"});
    const auto total = firstOf(usage, {"total_tokens", "totalTokenCount"});
    auto cached = firstIn(usage, {"prompt_tokens_details", "input_tokens_details"}, "cached_tokens");
    if (!cached)
        cached = firstOf(usage, {"prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens",
                                 "cachedContentTokenCount", "num_cached_tokens"});
    auto reasoning = firstIn(usage, {"completion_tokens_details", "output_tokens_details"}, "reasoning_tokens");
    if (!reasoning)
        reasoning = firstOf(usage, {"reasoning_tokens", "thoughtsTokenCount"});
    report.cached = cached.value_or(0);
    report.reasoning = reasoning.value_or(0);
    // Anthropic counts what its cache reads and writes beside the input.
    if (report.input && !countOf(at(usage, "prompt_tokens")) && !total) {
        *report.input += countOf(at(usage, "cache_read_input_tokens")).value_or(0) +
                         countOf(at(usage, "cache_creation_input_tokens")).value_or(0);
    }
    if (report.input)
        report.cached = std::min(report.cached, *report.input);
    if (report.input && report.output) {
        // Gemini and xAI count thinking beside the output; the total has it.
        const int64_t beside = total ? *total - *report.input - *report.output : 0;
        if (beside > 0) {
            *report.output += beside;
            report.reasoning = std::max(report.reasoning, beside);
        } else if (report.reasoning > *report.output) {
            *report.output += report.reasoning;
        }
    }
    return report;
}

std::string moneyText(double value)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.4f", value);
    return text.data();
}

TokenUsage billedUsage(const UsageReport &report, const ChatQuestion &question, const std::string &reply)
{
    TokenUsage usage{report.input.value_or(0), report.output.value_or(0), report.cached, report.reasoning};
    if (!report.isBilled || (report.input && report.output))
        return usage;
    usage.isEstimate = true;
    if (!report.input) {
        usage.input = question.system.empty() ? 0 : TokensATurn + tokensIn(question.system);
        for (const ChatTurn &turn : question.turns)
            usage.input += TokensATurn + tokensIn(turn.text);
    }
    if (!report.output)
        usage.output = tokensIn(reply);
    return usage;
}

}  // namespace core
