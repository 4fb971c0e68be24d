// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/training_config.h"

#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace engine {

namespace {

/// Behind the recipe of a run that reads windows: versions that know none take it for a recipe of a newer one.
constexpr std::string_view InWindows = ", windows";

template <class Kind>
std::optional<Kind> oneNamed(std::string_view wanted, std::initializer_list<Kind> kinds)
{
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](Kind kind) { return wanted == name(kind); });
    return found == kinds.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

const char *name(Recipe recipe)
{
    switch (recipe) {
    case Recipe::Seconds: return "seconds";
    case Recipe::SelfTraining: return "self-training";
    case Recipe::Lora: return "lora";
    case Recipe::Finetune: break;
    }
    return "finetune";
}

std::optional<Recipe> recipeNamed(std::string_view wanted)
{
    return oneNamed(wanted, {Recipe::Seconds, Recipe::Finetune, Recipe::SelfTraining, Recipe::Lora});
}

const char *name(Schedule schedule)
{
    return schedule == Schedule::Linear ? "linear" : schedule == Schedule::Cosine ? "cosine" : "constant";
}

const char *name(Balance balance)
{
    return balance == Balance::Weights ? "weights" : balance == Balance::Sampling ? "sampling" : "none";
}

std::optional<Balance> balanceNamed(std::string_view wanted)
{
    return oneNamed(wanted, {Balance::None, Balance::Weights, Balance::Sampling});
}

const char *name(TeacherLabels labels)
{
    return labels == TeacherLabels::Use ? "use" : labels == TeacherLabels::Leave ? "leave" : "automatic";
}

std::optional<TeacherLabels> teacherLabelsNamed(std::string_view wanted)
{
    return oneNamed(wanted, {TeacherLabels::Automatic, TeacherLabels::Use, TeacherLabels::Leave});
}

const char *name(LongTexts longTexts)
{
    return longTexts == LongTexts::Windows ? "windows" : "cut";
}

std::optional<LongTexts> longTextsNamed(std::string_view wanted)
{
    return oneNamed(wanted, {LongTexts::Cut, LongTexts::Windows});
}

const char *name(Metric metric)
{
    return metric == Metric::MacroF1 ? "macro_f1" : metric == Metric::LogLoss ? "log_loss" : "automatic";
}

std::optional<Metric> metricNamed(std::string_view wanted)
{
    return oneNamed(wanted, {Metric::Automatic, Metric::MacroF1, Metric::LogLoss});
}

const char *name(Precision precision)
{
    return precision == Precision::Float32 ? "float32" : precision == Precision::BFloat16 ? "bfloat16" : "automatic";
}

std::optional<Precision> precisionNamed(std::string_view wanted)
{
    return oneNamed(wanted, {Precision::Automatic, Precision::Float32, Precision::BFloat16});
}

Result<void> validate(const TrainingConfig &c)
{
    struct Check {
        bool ok;
        const char *parameter;
        const char *range;
    };
    const Check checks[] = {
        {c.epochs >= 1 && c.epochs <= 1000, "epochs", "1 to 1000"},
        {c.learningRate > 0 && c.learningRate <= 1, "learning_rate", "above 0 and at most 1"},
        {c.headLearningRate > 0 && c.headLearningRate <= 1, "head_learning_rate", "above 0 and at most 1"},
        {c.batchSize >= 1 && c.batchSize <= 4096, "batch_size", "1 to 4096"},
        {c.microBatch >= 1 && c.microBatch <= c.batchSize, "micro_batch", "1 to batch_size"},
        {c.warmupRatio >= 0 && c.warmupRatio <= 1, "warmup_ratio", "0 to 1"},
        {c.weightDecay >= 0 && c.weightDecay <= 1, "weight_decay", "0 to 1"},
        {c.maxGradNorm >= 0 && std::isfinite(c.maxGradNorm), "max_grad_norm", "0 or more"},
        {c.dropout >= 0 && c.dropout < 1, "dropout", "0 up to, but not, 1"},
        {c.rejectShare >= 0 && c.rejectShare <= 0.5, "reject_share", "0 to 0.5"},
        {c.labelSmoothing >= 0 && c.labelSmoothing < 1, "label_smoothing", "0 up to, but not, 1"},
        {c.topLayers >= 0 && c.topLayers <= 1000, "top_layers", "0 to 1000"},
        {c.patience >= 0 && c.patience <= 1000, "early_stopping_patience", "0 to 1000"},
        {c.maxLength >= 8 && c.maxLength <= 8192, "max_length", "8 to 8192"},
        {c.validationFraction > 0 && c.validationFraction < 1, "train_eval_split", "between 0 and 1"},
        {c.lora.rank >= 1 && c.lora.rank <= 1024, "lora_r", "1 to 1024"},
        {c.lora.alpha > 0 && c.lora.alpha <= 65536, "lora_alpha", "above 0 and at most 65536"},
        {c.lora.dropout >= 0 && c.lora.dropout < 1, "lora_dropout", "0 up to, but not, 1"},
        {c.threads >= 0 && c.threads <= 1024, "threads", "0 to 1024"},
    };
    for (const Check &check : checks) {
        if (!check.ok)
            return failure(ErrorCode::InvalidInput,
                           std::string(check.parameter) + " must be " + check.range + ". Change it and start again.",
                           check.parameter);
    }
    return {};
}

std::string toJson(const TrainingConfig &c)
{
    const bool hasWindows = c.longTexts == LongTexts::Windows;
    return nlohmann::ordered_json{{"recipe", name(c.recipe) + std::string(hasWindows ? InWindows : "")},
                                  {"problem_type", name(c.task)},
                                  {"num_train_epochs", c.epochs},
                                  {"learning_rate", c.learningRate},
                                  {"head_learning_rate", c.headLearningRate},
                                  {"batch_size", c.batchSize},
                                  {"micro_batch", c.microBatch},
                                  {"random_seed", c.seed},
                                  {"learning_rate_scheduler", name(c.schedule)},
                                  {"warmup_ratio", c.warmupRatio},
                                  {"weight_decay", c.weightDecay},
                                  {"max_grad_norm", c.maxGradNorm},
                                  {"dropout", c.dropout},
                                  {"balance", name(c.balance)},
                                  {"rebalance", c.rebalance},
                                  {"reject_class", c.rejectClass},
                                  {"reject_share", c.rejectShare},
                                  {"teacher_labels", name(c.teacherLabels)},
                                  {"label_smoothing", c.labelSmoothing},
                                  {"top_layers", c.topLayers},
                                  {"early_stopping_patience", c.patience},
                                  {"metric_for_best_model", name(c.metric)},
                                  {"max_length", c.maxLength},
                                  {"long_texts", name(c.longTexts)},
                                  {"train_eval_split", c.validationFraction},
                                  {"gradient_checkpointing", c.checkpointsGradients},
                                  {"precision", name(c.precision)},
                                  {"lora_r", c.lora.rank},
                                  {"lora_alpha", c.lora.alpha},
                                  {"lora_dropout", c.lora.dropout},
                                  {"lora_target_modules", c.lora.targets},
                                  {"threads", c.threads}}
        .dump(2);
}

namespace {

/// A value of a run that a newer program made; it is caught below.
struct UnknownValue {
    std::string setting;
};

/// `fallback` where nothing is said.
template <class Value, class Named>
Value namedIn(const nlohmann::json &root, const char *key, Value fallback, const Named &named)
{
    const auto text = root.value(key, std::string());
    if (text.empty())
        return fallback;
    const auto value = named(text);
    if (!value)
        throw UnknownValue{key};
    return *value;
}

std::optional<Schedule> scheduleNamed(std::string_view wanted)
{
    return oneNamed(wanted, {Schedule::Linear, Schedule::Cosine, Schedule::Constant});
}

std::optional<TaskType> taskTypeNamed(std::string_view wanted)
{
    return oneNamed(wanted, {TaskType::SingleLabel, TaskType::MultiLabel});
}

}  // namespace

Result<TrainingConfig> trainingConfigFromJson(const std::string &text)
{
    try {
        const auto root = nlohmann::json::parse(text);
        TrainingConfig c;
        auto recipeName = root.at("recipe").get<std::string>();
        const bool hasWindows = recipeName.ends_with(InWindows);
        if (hasWindows)
            recipeName.resize(recipeName.size() - InWindows.size());
        const auto recipe = recipeNamed(recipeName);
        if (!recipe)
            return failure(ErrorCode::Unsupported, "The run was made by a recipe that this version does not know.");
        c.recipe = *recipe;
        c.task = namedIn(root, "problem_type", c.task, taskTypeNamed);
        c.epochs = integerOf<int>(root.at("num_train_epochs"));
        c.learningRate = root.at("learning_rate");
        c.headLearningRate = root.at("head_learning_rate");
        c.batchSize = integerOf<int>(root.at("batch_size"));
        c.microBatch = integerOf<int>(root.at("micro_batch"));
        c.seed = integerOf<uint64_t>(root.at("random_seed"));
        c.schedule = namedIn(root, "learning_rate_scheduler", Schedule::Linear, scheduleNamed);
        c.warmupRatio = root.at("warmup_ratio");
        c.weightDecay = root.at("weight_decay");
        c.maxGradNorm = root.at("max_grad_norm");
        c.dropout = root.at("dropout");
        c.balance = namedIn(root, "balance", Balance::None, balanceNamed);
        c.rebalance = root.value("rebalance", std::string());
        c.rejectClass = root.value("reject_class", std::string());
        c.rejectShare = root.value("reject_share", c.rejectShare);
        // A run that knew of no teachers has taken every label as any other.
        c.teacherLabels = namedIn(root, "teacher_labels", TeacherLabels::Use, teacherLabelsNamed);
        c.labelSmoothing = root.value("label_smoothing", 0.0);
        c.topLayers = root.contains("top_layers") ? integerOf<int>(root["top_layers"]) : 0;
        c.patience = root.contains("early_stopping_patience") ? integerOf<int>(root["early_stopping_patience"]) : 0;
        c.metric = namedIn(root, "metric_for_best_model", Metric::Automatic, metricNamed);
        c.maxLength = integerOf<int>(root.at("max_length"));
        c.longTexts = hasWindows ? LongTexts::Windows : namedIn(root, "long_texts", LongTexts::Cut, longTextsNamed);
        c.validationFraction = root.at("train_eval_split");
        c.checkpointsGradients = root.value("gradient_checkpointing", false);
        c.precision = namedIn(root, "precision", Precision::Automatic, precisionNamed);
        if (root.contains("lora_r"))
            c.lora = {integerOf<int>(root["lora_r"]), root.at("lora_alpha"), root.at("lora_dropout"),
                      root.at("lora_target_modules")};
        c.threads = integerOf<int>(root.at("threads"));
        return c;
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
