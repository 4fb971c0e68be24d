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

/// Calls `field(name, member)` for every setting; the names are those of the config file and of run settings.
template <class Settings, class Visitor>
void visit(Settings &s, Visitor &&field)
{
    field("num_train_epochs", s.epochs);
    field("learning_rate", s.learningRate);
    field("head_learning_rate", s.headLearningRate);
    field("per_device_train_batch_size", s.batchSize);
    field("gradient_accumulation_steps", s.accumulationSteps);
    field("random_seed", s.seed);
    field("learning_rate_scheduler", s.schedule);
    field("warmup_ratio", s.warmupRatio);
    field("weight_decay", s.weightDecay);
    field("train_eval_split", s.validationFraction);
    field("max_length", s.maxLength);
    field("long_texts", s.longTexts);
    field("balance", s.balance);
    field("teacher_labels", s.teacherLabels);
    field("label_smoothing", s.labelSmoothing);
    field("reject_share", s.rejectShare);
    field("rebalance", s.rebalance);
    field("early_stopping_patience", s.patience);
    field("metric_for_best_model", s.metric);
    field("top_layers", s.topLayers);
    field("gradient_checkpointing", s.checkpointsGradients);
    field("precision", s.precision);
    field("use_lora", s.useLora);
    field("lora_r", s.loraRank);
    field("lora_alpha", s.loraAlpha);
    field("lora_alpha_multiplier", s.loraAlphaMultiplier);
    field("lora_dropout", s.loraDropout);
    field("lora_target_modules", s.loraTargets);
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
            visit(file.training, [&](const char *known, auto &member) {
                if (key != known)
                    return;
                member = valueOf<typename std::decay_t<decltype(member)>::value_type>(entry.second);
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
    config.epochs = epochs.value_or(config.epochs);
    config.learningRate = learningRate.value_or(config.learningRate);
    config.headLearningRate = headLearningRate.value_or(config.headLearningRate);
    if (batchSize || accumulationSteps) {
        config.microBatch = batchSize.value_or(config.microBatch);
        const int64_t rows = int64_t{config.microBatch} * accumulationSteps.value_or(1);
        config.batchSize = static_cast<int>(std::clamp<int64_t>(rows, 0, std::numeric_limits<int>::max()));
    }
    config.seed = static_cast<uint64_t>(seed.value_or(static_cast<int64_t>(config.seed)));
    config.warmupRatio = warmupRatio.value_or(config.warmupRatio);
    config.weightDecay = weightDecay.value_or(config.weightDecay);
    config.validationFraction = validationFraction.value_or(config.validationFraction);
    config.maxLength = maxLength.value_or(config.maxLength);
    config.labelSmoothing = labelSmoothing.value_or(config.labelSmoothing);
    config.rejectShare = rejectShare.value_or(config.rejectShare);
    config.rebalance = rebalance.value_or(config.rebalance);
    config.patience = patience.value_or(config.patience);
    config.topLayers = topLayers.value_or(config.topLayers);
    config.checkpointsGradients = checkpointsGradients.value_or(config.checkpointsGradients);
    applyLora(config.lora);
    if (metric) {
        const auto named = engine::metricNamed(*metric);
        if (!named)
            return failure(ErrorCode::InvalidInput,
                           "The best pass is chosen by automatic (what is right), macro_f1 or log_loss.", *metric);
        config.metric = *named;
    }
    if (precision) {
        const auto named = engine::precisionNamed(*precision);
        if (!named)
            return failure(ErrorCode::InvalidInput, "The precision is automatic, float32 or bfloat16.", *precision);
        config.precision = *named;
    }
    if (longTexts) {
        const auto named = engine::longTextsNamed(*longTexts);
        if (!named)
            return failure(ErrorCode::InvalidInput,
                           "Long texts are cut at their end (cut) or read whole, in windows (windows).", *longTexts);
        config.longTexts = *named;
    }
    if (balance) {
        const auto named = engine::balanceNamed(*balance);
        if (!named)
            return failure(ErrorCode::InvalidInput, "Classes are balanced by weights, by sampling, or not (none).",
                           *balance);
        config.balance = *named;
    }
    if (teacherLabels) {
        const auto named = engine::teacherLabelsNamed(*teacherLabels);
        if (!named)
            return failure(ErrorCode::InvalidInput,
                           "A teacher's labels are learned from (use), not (leave), or where that helps (automatic).",
                           *teacherLabels);
        config.teacherLabels = *named;
    }
    if (schedule == "linear")
        config.schedule = engine::Schedule::Linear;
    else if (schedule == "cosine")
        config.schedule = engine::Schedule::Cosine;
    else if (schedule == "constant")
        config.schedule = engine::Schedule::Constant;
    else if (schedule)
        return failure(ErrorCode::InvalidInput, "The learning rate schedule must be linear, cosine or constant.",
                       *schedule);
    return engine::validate(config);
}

void TrainingSettings::applyLora(engine::LoraConfig &lora) const
{
    if (loraRank || loraAlpha || loraAlphaMultiplier) {  // else alpha would change in its last digit
        const double multiplier = loraAlphaMultiplier.value_or(lora.alpha / lora.rank);
        lora.rank = loraRank.value_or(lora.rank);
        lora.alpha = loraAlpha.value_or(multiplier * lora.rank);
    }
    lora.dropout = loraDropout.value_or(lora.dropout);
    lora.targets = loraTargets.value_or(lora.targets);
}

TrainingSettings TrainingSettings::over(const TrainingSettings &below) const
{
    TrainingSettings under = below;
    if (batchSize)  // a batch asked for here is the whole one
        under.accumulationSteps.reset();
    // Not by way of JSON, which knows no NaN: what is wrong must be found, not left out.
    visit(under, [&](std::string_view key, auto &member) {
        visit(*this, [&](std::string_view own, const auto &value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::decay_t<decltype(value)>>) {
                if (key == own && value)
                    member = value;
            }
        });
    });
    return under;
}

TrainingSettings TrainingSettings::without(const TrainingSettings &others) const
{
    TrainingSettings rest = *this;
    visit(rest, [&](std::string_view key, auto &member) {
        visit(others, [&](std::string_view other, const auto &value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::decay_t<decltype(value)>>) {
                if (key == other && member == value)
                    member.reset();
            }
        });
    });
    return rest;
}

std::string TrainingSettings::toJson() const
{
    nlohmann::json root = nlohmann::json::object();
    visit(*this, [&](const char *key, const auto &member) {
        if (member)
            root[key] = *member;
    });
    return root.dump();
}

TrainingSettings TrainingSettings::fromJson(const std::string &text)
{
    TrainingSettings settings;
    const auto root = nlohmann::json::parse(text, nullptr, false);
    if (root.is_object()) {
        visit(settings, [&](const char *key, auto &member) {
            if (root.contains(key))
                member = valueOrNone<typename std::decay_t<decltype(member)>::value_type>(root[key]);
        });
    }
    return settings;
}

Result<TrainingSettings> TrainingSettings::of(const Service &service)
{
    auto text = TRY(service.setting("training"));
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
