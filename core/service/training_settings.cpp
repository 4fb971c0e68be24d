// SPDX-License-Identifier: Apache-2.0
#include "core/service/training_settings.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <yaml-cpp/yaml.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// In config.yaml: there a batch is what goes forward at once, and steps are made of several.
std::string_view keyOf(const engine::ParameterFacts &facts)
{
    return facts.key == std::string_view("batch_size") ? "per_device_train_batch_size" : facts.key;
}

/// Why a key of the file does nothing here.
std::string reasonFor(const std::string &section, const std::string &key)
{
    if (section == "synthgen" || section == "synthetic_generation")
        return "it belongs to generating rows, which is no part of training here";
    if (section == "evaluation")
        return key.starts_with("llm_as_a_judge") ? "answers are classes, which need no judge"
               : key == "batch_size"             ? "questions are asked as fast as the teacher likes"
                                                 : "it is not known";
    if (section == "trace_processing")
        return "it belongs to reading production traces";
    if (key == "student_model_name")
        return "the base weights are chosen when a training starts";
    if (key.starts_with("llm_"))
        return "no teacher takes part in training";
    if (key == "fp16" || key == "bf16")
        return "bfloat16 is used by itself where it pays, on GPUs with large weights; precision: bfloat16 asks for it";
    if (key == "use_qlora")
        return "weights are not quantised for training";
    if (key == "per_device_eval_batch_size")
        return "batches for scoring are made by length";
    if (key == "num_few_shot_examples_student")
        return "a classifier is given no examples beside the text";
    if (key == "enable_trainer_internal_eval")
        return "every epoch is scored on rows held out, always";
    if (key == "memory_optimized_training")
        return "batches go in smaller parts by themselves where memory is short, and gradient_checkpointing saves more";
    if (key == "rlvr_dataset_size")
        return "there is no stage of reinforcement learning";
    if (key == "visual_task")
        return "classifiers here read texts";
    return "it is not known";
}

/// What fits its type: a stranger's service may hold anything.
template <class T>
std::optional<T> valueOrNone(const nlohmann::json &value)
{
    if constexpr (std::is_same_v<T, bool>) {
        return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
    } else if constexpr (std::is_same_v<T, std::string>) {
        return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
    } else if constexpr (std::is_integral_v<T>) {
        const bool fits = value.is_number_integer() && std::in_range<T>(value.get<int64_t>()) &&
                          (!value.is_number_unsigned() || std::in_range<T>(value.get<uint64_t>()));
        return fits ? std::optional(value.get<T>()) : std::nullopt;
    } else {
        return value.is_number() ? std::optional(value.get<T>()) : std::nullopt;
    }
}

base::Failure unknownWord(const std::string &key, const std::string &word, std::span<const engine::Choice> choices)
{
    std::string known;
    for (size_t i = 0; i < choices.size(); ++i)
        known.append(i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ").append(choices[i].word);
    return failure(ErrorCode::InvalidInput, key + " must be " + known + ". Change it and start again.", word);
}

Result<void> readTask(const YAML::Node &node, const std::string &subject)
{
    if (node && node.as<std::string>() != "classification")
        return failure(ErrorCode::Unsupported,
                       "The config names the task \"" + node.as<std::string>() +
                           "\"; Stillroom makes classifiers (task: classification).",
                       subject);
    return {};
}

/// A list of names may also be one word; a map is "name=value,name=value".
template <class T>
T valueOf(const YAML::Node &node)
{
    if constexpr (std::is_same_v<T, std::string>) {
        if (node.IsSequence()) {
            std::string joined;
            for (const auto &entry : node)
                joined += (joined.empty() ? "" : ",") + entry.as<std::string>();
            return joined;
        }
        if (node.IsMap()) {
            std::string joined;
            for (const auto &entry : node)
                joined +=
                    (joined.empty() ? "" : ",") + entry.first.as<std::string>() + "=" + entry.second.as<std::string>();
            return joined;
        }
    }
    return node.as<T>();
}

/// What concerns the teacher. False: it is another key.
bool readTeacher(const std::string &section, const std::string &key, const YAML::Node &value, ConfigFile &file)
{
    const bool isBase = section.empty() || section == "base";
    if (isBase && key == "teacher_model_name" && value.IsScalar()) {
        file.teacher.teacher = value.as<std::string>();
        file.notes.push_back("The config names the teacher " + file.teacher.teacher +
                             ". Choose which of yours that is before you ask it.");
        return true;
    }
    if ((section.empty() || section == "evaluation") && key == "num_few_shot_examples") {
        file.teacher.shots = value.as<int>();
        return true;
    }
    return false;
}

void readSection(const YAML::Node &section, const std::string &name, ConfigFile &file)
{
    if (!section.IsMap())
        return;
    for (const auto &entry : section) {
        const auto key = entry.first.as<std::string>();
        if (key == "task")
            continue;
        bool used = readTeacher(name, key, entry.second, file);
        if ((name == "tuning" || key == "random_seed") && !entry.second.IsNull()) {
            eachSetting([&](const engine::ParameterFacts &facts, auto member) {
                if (key != keyOf(facts))
                    return;
                auto &value = file.training.*member;
                value = valueOf<typename std::decay_t<decltype(value)>::value_type>(entry.second);
                used = true;
            });
        }
        if (!used)
            file.notes.push_back((name.empty() ? "" : name + ".") + key +
                                 " of the config has no effect: " + reasonFor(name, key) + ".");
    }
}

}  // namespace

Result<void> TrainingSettings::applyTo(engine::TrainingConfig &config) const
{
    const double alphaInRanks = loraAlphaMultiplier.value_or(config.loraAlpha / config.loraRank);
    Result<void> result;
    eachParameter([&](const engine::ParameterFacts &facts, auto setting, auto member) {
        using Value = std::decay_t<decltype(config.*member)>;
        const auto &asked = this->*setting;
        if (!asked || !result)
            return;
        if constexpr (std::is_enum_v<Value>) {
            const auto kind = engine::named<Value>(*asked);
            if (kind)
                config.*member = *kind;
            else
                result = unknownWord(facts.key, *asked, engine::choicesOf(Value{}));
        } else {
            config.*member = static_cast<Value>(*asked);
        }
    });
    TRY(result);
    if (batchSize || accumulationSteps) {
        config.microBatch = batchSize.value_or(config.microBatch);
        const int64_t rows = int64_t{config.microBatch} * accumulationSteps.value_or(1);
        config.batchSize = static_cast<int>(std::clamp<int64_t>(rows, 0, std::numeric_limits<int>::max()));
    }
    if (!loraAlpha && (loraRank || loraAlphaMultiplier))  // else alpha would change in its last digit
        config.loraAlpha = alphaInRanks * config.loraRank;
    return engine::validate(config);
}

TrainingSettings TrainingSettings::over(const TrainingSettings &below) const
{
    TrainingSettings under = below;
    if (batchSize)  // a batch asked for here is the whole one
        under.accumulationSteps.reset();
    // Not by way of JSON, which knows no NaN: what is wrong must be found, not left out.
    eachSetting([&](const engine::ParameterFacts &, auto member) {
        if (this->*member)
            under.*member = this->*member;
    });
    return under;
}

TrainingSettings TrainingSettings::without(const TrainingSettings &others) const
{
    TrainingSettings rest = *this;
    eachSetting([&](const engine::ParameterFacts &, auto member) {
        if (rest.*member == others.*member)
            (rest.*member).reset();
    });
    return rest;
}

std::string TrainingSettings::toJson() const
{
    nlohmann::json root = nlohmann::json::object();
    eachSetting([&](const engine::ParameterFacts &facts, auto member) {
        if (const auto &value = this->*member)
            root[keyOf(facts)] = *value;
    });
    return root.dump();
}

TrainingSettings TrainingSettings::fromJson(const std::string &text)
{
    TrainingSettings settings;
    const auto root = nlohmann::json::parse(text, nullptr, false);
    if (root.is_object()) {
        eachSetting([&](const engine::ParameterFacts &facts, auto member) {
            auto &value = settings.*member;
            if (const auto found = root.find(keyOf(facts)); found != root.end())
                value = valueOrNone<typename std::decay_t<decltype(value)>::value_type>(*found);
        });
    }
    return settings;
}

Result<TrainingSettings> TrainingSettings::of(const Service &service)
{
    auto text = TRY(service.setting(keys::Training));
    return fromJson(text);
}

Result<ConfigFile> parseConfigFile(const std::string &yaml, const std::string &subject)
{
    try {
        const YAML::Node root = YAML::Load(yaml);
        if (!root.IsMap())
            return failure(ErrorCode::InvalidInput, "The config is no map of settings.", subject);
        ConfigFile file;
        TRY(readTask(root["task"], subject));
        YAML::Node flat;  // one for all: each new one would take the whole document's memory over
        for (const auto &entry : root) {
            const auto name = entry.first.as<std::string>();
            if (entry.second.IsMap()) {
                if (name == "base") {
                    TRY(readTask(entry.second["task"], subject));
                }
                readSection(entry.second, name, file);
            } else if (name != "task") {
                flat[name] = entry.second;
            }
        }
        readSection(flat, "", file);
        return file;
    } catch (const YAML::Exception &e) {
        return failure(ErrorCode::InvalidInput,
                       "The config cannot be read from line " + std::to_string(e.mark.line + 1) +
                           " on. Correct the file.",
                       subject);
    }
}

}  // namespace core
