// SPDX-License-Identifier: Apache-2.0
#include "app/cli/setting_options.h"

#include <array>
#include <charconv>

namespace cli {

namespace {

constexpr double JustBelow = 0.001;

template <class Value>
std::string textOf(const Value &value)
{
    if constexpr (std::is_enum_v<Value>) {
        return engine::name(value);
    } else if constexpr (std::is_same_v<Value, std::string>) {
        return value;
    } else if constexpr (std::is_same_v<Value, bool>) {
        return value ? "true" : "false";
    } else {
        std::array<char, 32> text{};
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
    }
}

template <class Value>
std::string helpFor(const engine::ParameterFacts &facts, const Value &fallback)
{
    std::string standard = facts.canBeUnset() ? facts.zero : textOf(fallback);
    if (!facts.canBeUnset() && *facts.zero != 0)
        standard.append(", ").append(facts.zero);
    return std::string(facts.sentence).append(standard.empty() ? "" : " (default: " + standard + ")");
}

}  // namespace

void addSettingOptions(const Command &command, core::TrainingSettings &settings)
{
    const engine::TrainingConfig defaults;
    core::eachParameter([&](const engine::ParameterFacts &facts, auto setting, auto member) {
        using Value = std::decay_t<decltype(defaults.*member)>;
        if (*facts.option == 0)
            return;
        const Option option = command.option(facts.option, settings.*setting, helpFor(facts, defaults.*member));
        const engine::Range &range = facts.range;
        if constexpr (std::is_enum_v<Value>) {
            std::vector<std::string> words;
            for (const engine::Choice &choice : engine::choicesOf(Value{}))
                words.emplace_back(choice.word);
            option.oneOf(words);
        } else if constexpr (std::is_same_v<Value, int>) {
            option.between(static_cast<int>(range.low), static_cast<int>(range.high));
        } else if constexpr (std::is_same_v<Value, double>) {
            option.from(range.low, range.hasHigh ? range.high : range.high - JustBelow,
                        range.hasLow ? Lowest::Included : Lowest::Excluded);
        }
    });
}

}  // namespace cli
