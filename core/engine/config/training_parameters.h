// SPDX-License-Identifier: Apache-2.0
// What training_parameters.inc says of each parameter, for code that goes through all of them.
#pragma once

#include "core/engine/config/training_config.h"

#include <limits>
#include <string>

namespace engine {

/// The numbers that a parameter may be.
struct Range {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool hasLow = true;   ///< low itself is allowed
    bool hasHigh = true;  ///< high itself is allowed

    /// False for NaN and infinities.
    [[nodiscard]] bool holds(double number) const;
    /// "1 to 1000", "above 0 and at most 1".
    [[nodiscard]] std::string words() const;
};

constexpr Range anything()
{
    return {};
}
constexpr Range within(double low, double high)
{
    return {low, high};
}
constexpr Range above(double low, double high)
{
    return {low, high, false, true};
}
constexpr Range below(double low, double high)
{
    return {low, high, true, false};
}
constexpr Range inside(double low, double high)
{
    return {low, high, false, false};
}
constexpr Range atLeast(double low)
{
    return {.low = low};
}

/// Where a form shows a parameter.
enum class ParameterGroup { None, Passes, Classes, Choice, Adapters };

/// Whether every recorded run has a parameter.
enum class Since { First, Later };

/// A line of the table, without its types.
struct ParameterFacts {
    const char *member;
    const char *key;
    Range range{};
    Since since = Since::Later;
    const char *option = "";
    ParameterGroup group = ParameterGroup::None;
    const char *title = "";
    const char *sentence = "";
    const char *zero = "";

    /// Nothing is set: 0 stands for that, because it is no value.
    [[nodiscard]] bool canBeUnset() const { return *zero != 0 && !range.holds(0); }
};

/// Calls `visit(facts, &TrainingConfig::member)` for every member, in the order of the table.
template <class Visitor>
void eachRecorded(Visitor &&visit)
{
    using enum ParameterGroup;
    using enum Since;
#define PARAMETER(type, member, fallback, since, key, range, option, group, title, sentence, zero)                     \
    visit(ParameterFacts{#member, key, range, since, option, group, title, sentence, zero}, &TrainingConfig::member);
#define RECORDED(type, member, fallback, since, key, range)                                                            \
    visit(ParameterFacts{#member, key, range, since}, &TrainingConfig::member);
#include "core/engine/config/training_parameters.inc"
}

}  // namespace engine
