// SPDX-License-Identifier: Apache-2.0
// The training part of a distil labs config.yaml.
#pragma once

#include "core/engine/config/training_parameters.h"
#include "core/service/teacher_wishes.h"

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace core {

/// How a parameter is asked for: enumerations by their words, so that an unknown one can be said.
template <class Value>
using Asked = std::conditional_t<std::is_enum_v<Value>, std::string,
                                 std::conditional_t<std::is_same_v<Value, uint64_t>, int64_t, Value>>;

/// Settings that a config file, the command line or a form gives: a member for each PARAMETER and REQUESTED of
/// core/engine/config/training_parameters.inc. What is absent keeps its default.
struct TrainingSettings {
#define PARAMETER(type, member, ...) std::optional<Asked<decltype(engine::TrainingConfig::member)>> member;
#define REQUESTED(type, member, ...) std::optional<type> member;
#include "core/engine/config/training_parameters.inc"

    /// Writes what is set over `config`; an unknown name is an error.
    [[nodiscard]] base::Result<void> applyTo(engine::TrainingConfig &config) const;
    /// These settings, and those of `below` where nothing is set here.
    [[nodiscard]] TrainingSettings over(const TrainingSettings &below) const;
    /// These settings, but for those that are the same in `others`.
    [[nodiscard]] TrainingSettings without(const TrainingSettings &others) const;
    [[nodiscard]] std::string toJson() const;
    /// What toJson wrote; what is of another type is left out.
    [[nodiscard]] static TrainingSettings fromJson(const std::string &text);
    /// The service's own, of the config.yaml that it was made with; a service without one has none.
    [[nodiscard]] static base::Result<TrainingSettings> of(const Service &service);
};

/// Calls `visit(facts, &TrainingSettings::member)` for every member, in the order of the table.
template <class Visitor>
void eachSetting(Visitor &&visit)
{
    using engine::ParameterFacts, engine::anything, engine::within, engine::above, engine::below, engine::inside;
    using enum engine::ParameterGroup;
    using enum engine::Since;
#define PARAMETER(type, member, fallback, since, key, range, option, group, title, sentence, zero)                     \
    visit(ParameterFacts{#member, key, range, since, option, group, title, sentence, zero}, &TrainingSettings::member);
#define REQUESTED(type, member, key, option, group, title, sentence)                                                   \
    visit(ParameterFacts{#member, key, anything(), Later, option, group, title, sentence}, &TrainingSettings::member);
#include "core/engine/config/training_parameters.inc"
}

/// Calls `visit(facts, &TrainingSettings::member, &engine::TrainingConfig::member)` for every setting that is recorded
/// as it is asked for.
template <class Visitor>
void eachParameter(Visitor &&visit)
{
    using engine::ParameterFacts, engine::TrainingConfig, engine::anything, engine::within, engine::above,
        engine::below, engine::inside;
    using enum engine::ParameterGroup;
    using enum engine::Since;
#define PARAMETER(type, member, fallback, since, key, range, option, group, title, sentence, zero)                     \
    visit(ParameterFacts{#member, key, range, since, option, group, title, sentence, zero}, &TrainingSettings::member, \
          &TrainingConfig::member);
#include "core/engine/config/training_parameters.inc"
}

struct ConfigFile {
    TrainingSettings training;
    TeacherWishes teacher;
    std::vector<std::string> notes;  ///< one sentence for each key that has no effect here, with the reason
};

/// Reads both generations of the file: `base`, `tuning`, ... and the older flat form. Another task than
/// classification is an error.
[[nodiscard]] base::Result<ConfigFile> parseConfigFile(const std::string &yaml, const std::string &subject);

}  // namespace core
