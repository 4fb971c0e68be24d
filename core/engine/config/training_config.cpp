// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/training_config.h"

#include "core/engine/config/training_parameters.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace engine {

namespace {

/// Behind the recipe of a run that reads windows: versions that know none take it for a recipe of a newer one.
constexpr std::string_view InWindows = ", windows";

/// A value of a run that a newer program made; it is caught below.
struct UnknownValue {
    std::string setting;
};

template <class Value>
void read(const nlohmann::json &value, const char *key, Value &member)
{
    if constexpr (std::is_enum_v<Value>) {
        const auto word = value.get<std::string>();
        if (word.empty())
            return;
        const auto kind = named<Value>(word);
        if (!kind)
            throw UnknownValue{key};
        member = *kind;
    } else if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
        member = integerOf<Value>(value);
    } else {
        member = value.get<Value>();
    }
}

std::string numberText(double number)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

base::Failure outOfRange(const char *key, const std::string &range)
{
    return failure(ErrorCode::InvalidInput, std::string(key) + " must be " + range + ". Change it and start again.",
                   key);
}

}  // namespace

bool Range::holds(double number) const
{
    return std::isfinite(number) && (hasLow ? number >= low : number > low) &&
           (hasHigh ? number <= high : number < high);
}

std::string Range::words() const
{
    if (std::isinf(high))
        return numberText(low) + " or more";
    if (!hasLow)
        return hasHigh ? "above " + numberText(low) + " and at most " + numberText(high)
                       : "between " + numberText(low) + " and " + numberText(high);
    return numberText(low) + (hasHigh ? " to " : " up to, but not, ") + numberText(high);
}

std::span<const Choice> choicesOf(Recipe)
{
    static constexpr Choice All[] = {{"seconds", ""}, {"finetune", ""}, {"self-training", ""}, {"lora", ""}};
    return All;
}

std::span<const Choice> choicesOf(TaskType)
{
    static constexpr Choice All[] = {{name(TaskType::SingleLabel), ""}, {name(TaskType::MultiLabel), ""}};
    return All;
}

std::span<const Choice> choicesOf(Schedule)
{
    static constexpr Choice All[] = {{"linear", ""}, {"cosine", ""}, {"constant", ""}};
    return All;
}

std::span<const Choice> choicesOf(Balance)
{
    static constexpr Choice All[] = {
        {"none", "count as they are"}, {"weights", "count more a row"}, {"sampling", "come more often"}};
    return All;
}

std::span<const Choice> choicesOf(TeacherLabels)
{
    static constexpr Choice All[] = {
        {"automatic", "where they help"}, {"use", "learn from them"}, {"leave", "leave them out"}};
    return All;
}

std::span<const Choice> choicesOf(LongTexts)
{
    static constexpr Choice All[] = {{"cut", "are cut at their end"}, {"windows", "are read in windows"}};
    return All;
}

std::span<const Choice> choicesOf(Metric)
{
    static constexpr Choice All[] = {{"automatic", "how many are right"},
                                     {"macro_f1", "classes alike (macro F1)"},
                                     {"log_loss", "how sure it is (log-loss)"}};
    return All;
}

std::span<const Choice> choicesOf(Precision)
{
    static constexpr Choice All[] = {{"automatic", ""}, {"float32", ""}, {"bfloat16", ""}};
    return All;
}

Result<void> validate(const TrainingConfig &config)
{
    Result<void> result;
    eachRecorded([&](const ParameterFacts &facts, auto member) {
        using Value = std::decay_t<decltype(config.*member)>;
        if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) {
            if (result && !facts.range.holds(config.*member))
                result = outOfRange(facts.key, facts.range.words());
        }
    });
    if (result && config.microBatch > config.batchSize)
        result = outOfRange("micro_batch", "1 to batch_size");
    return result;
}

std::string toJson(const TrainingConfig &config)
{
    nlohmann::ordered_json root;
    eachRecorded([&](const ParameterFacts &facts, auto member) {
        if constexpr (std::is_enum_v<std::decay_t<decltype(config.*member)>>)
            root[facts.key] = name(config.*member);
        else
            root[facts.key] = config.*member;
    });
    if (config.longTexts == LongTexts::Windows)
        root["recipe"] = name(config.recipe) + std::string(InWindows);
    return root.dump(2);
}

Result<TrainingConfig> trainingConfigFromJson(const std::string &text)
{
    try {
        auto root = nlohmann::json::parse(text);
        TrainingConfig config;
        // A run that knew of no teachers has taken every label as any other.
        config.teacherLabels = TeacherLabels::Use;
        auto &recipe = root.at("recipe").get_ref<std::string &>();
        if (recipe.ends_with(InWindows)) {
            recipe.resize(recipe.size() - InWindows.size());
            root["long_texts"] = name(LongTexts::Windows);
        }
        if (!named<Recipe>(recipe))
            return failure(ErrorCode::Unsupported, "The run was made by a recipe that this version does not know.");
        eachRecorded([&](const ParameterFacts &facts, auto member) {
            if (facts.since == Since::First || root.contains(facts.key))
                read(root.at(facts.key), facts.key, config.*member);
        });
        return config;
    } catch (const UnknownValue &unknown) {
        return failure(ErrorCode::Unsupported,
                       "The run was made with a value of " + unknown.setting + " that this version does not know.");
    } catch (const nlohmann::json::exception &) {
        return failure(ErrorCode::Corrupt, "The recorded settings of this run cannot be read.");
    }
}

double scheduleFactor(Schedule schedule, int64_t step, int64_t total, double warmupRatio)
{
    const auto warmup = static_cast<int64_t>(std::ceil(warmupRatio * static_cast<double>(total)));
    if (step < warmup)
        return static_cast<double>(step) / static_cast<double>(warmup);
    const double rest = static_cast<double>(step - warmup) / static_cast<double>(std::max<int64_t>(1, total - warmup));
    switch (schedule) {
    case Schedule::Linear: return std::max(0.0, 1.0 - rest);
    case Schedule::Cosine: return 0.5 * (1.0 + std::cos(std::numbers::pi * rest));
    case Schedule::Constant: return 1.0;
    }
    return 1.0;
}

}  // namespace engine
