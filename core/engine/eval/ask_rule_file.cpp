// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/ask_rule_file.h"

#include "core/base/atomic_file.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <array>
#include <charconv>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace engine {

namespace {

constexpr uint64_t MostBytes = 16 << 20;

base::Failure damaged(const std::string &why)
{
    return failure(ErrorCode::Corrupt,
                   "The file that says when to ask a person is damaged (" + why +
                       "). Set the limit again under Results, Confidence, or remove the file.",
                   AskRuleFile);
}

bool isLimit(const nlohmann::ordered_json &value)
{
    return value.is_number() && value.get<double>() >= 0 && value.get<float>() <= AskAlways;
}

/// The number with the fewest digits that is read as this float again.
double shortest(float limit)
{
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), limit);
    double value = 0;
    std::from_chars(digits.data(), end.ptr, value);
    return value;
}

}  // namespace

Result<std::optional<AskRule>> readAskRule(const std::filesystem::path &folder, const std::vector<std::string> &labels)
{
    std::error_code code;
    if (!std::filesystem::exists(folder / AskRuleFile, code))
        return std::optional<AskRule>();
    auto text = TRY(base::readFile(folder / AskRuleFile, MostBytes));
    auto json = parseOrderedJson(text);
    if (!json)
        return damaged(json.error().message);
    if (!json->is_object() || !json->contains("ask_below") || !isLimit((*json)["ask_below"]))
        return damaged("ask_below is no number from 0 to 1");
    AskRule rule{(*json)["ask_below"].get<float>()};
    const auto perClass = json->find("per_class");
    if (perClass == json->end())
        return std::optional(rule);
    if (!perClass->is_object())
        return damaged("per_class is no object");
    rule.perClass.assign(labels.size(), rule.threshold);
    for (const auto &[name, limit] : perClass->items()) {
        const auto found = std::find(labels.begin(), labels.end(), name);
        if (found == labels.end() || !isLimit(limit))
            return damaged("per_class names \"" + name + "\"");
        rule.perClass[static_cast<size_t>(found - labels.begin())] = limit.get<float>();
    }
    return std::optional(std::move(rule));
}

Result<void> writeAskRule(const std::filesystem::path &folder, const AskRule &rule,
                          const std::vector<std::string> &labels)
{
    if (rule.threshold <= 0 && rule.perClass.empty()) {
        std::error_code code;
        std::filesystem::remove(folder / AskRuleFile, code);
        return code ? Result<void>(base::Failure(base::systemError(code.value(), folder / AskRuleFile)))
                    : Result<void>();
    }
    nlohmann::ordered_json json{{"ask_below", shortest(rule.threshold)}};
    for (size_t i = 0; i < rule.perClass.size() && i < labels.size(); ++i)
        json["per_class"][labels[i]] = shortest(rule.perClass[i]);
    return base::writeFile(folder / AskRuleFile, json.dump(2) + "\n");
}

}  // namespace engine
