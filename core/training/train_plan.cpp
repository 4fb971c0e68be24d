// SPDX-License-Identifier: Apache-2.0
#include "core/training/train_plan.h"

#include "core/base/cores.h"
#include "core/catalogue/weights_catalogue.h"
#include "core/results/checkpoint_name.h"
#include "core/rows/tokenized_rows.h"
#include "core/training/recipe_choice.h"
#include "core/training/train_notes.h"

#include <algorithm>

using base::ErrorCode;
using base::failure;
using base::Result;
using engine::Recipe;

namespace core {

namespace {

class Planner {
public:
    Planner(const Service &service, const TrainOptions &options) : m_service(service), m_options(options) { }

    Result<TrainPlan> plan()
    {
        auto classes = TRY(classNames(m_service));
        if (m_options.anyway) {
            TRY(leaveOut(classes));
        }
        auto &info = m_plan.info;
        info.labels = std::move(classes.learned);
        if (!classes.reject.empty())
            info.labels.push_back(classes.reject);
        TRY(configure());
        info.config.rejectClass = classes.reject;
        if (auto note = noteOnReject(info.config); !note.empty())
            m_plan.notes.push_back(std::move(note));
        setBase();
        info.keep = m_options.keep.value_or(0);
        return std::move(m_plan);
    }

private:
    Result<void> leaveOut(ClassNames &classes);
    void setBase();
    Result<void> configure();
    Result<void> setRecipe(const TrainingSettings &settings);

    const Service &m_service;
    const TrainOptions &m_options;
    TrainPlan m_plan;
};

/// Classes that no train row has. Where a text has one class they cannot be learned; where it may have several, it is
/// learned that no text has them.
Result<void> Planner::leaveOut(ClassNames &classes)
{
    auto labels = m_service.examples().labels();
    auto rows = m_service.examples().countsByLabel();
    auto several = m_service.isMultiLabel();
    if (!labels)
        return failure(labels);
    if (!rows)
        return failure(rows);
    if (!several)
        return failure(several);
    for (const Label &label : *labels) {
        const auto place = std::ranges::find(classes.learned, label.name);
        if (place == classes.learned.end() || (*rows)[label.id].train > 0)
            continue;
        m_plan.notes.push_back("The class \"" + label.name +
                               "\" has no rows to learn from: no text is answered with it.");
        if (!*several)
            classes.learned.erase(place);
    }
    if (!*several && classes.learned.size() < 2)
        return failure(ErrorCode::Blocked,
                       "Fewer than two classes have rows to learn from. Bring labelled rows of others.",
                       m_service.folder().string());
    return {};
}

/// So that it means the same weights later: "best" may become another checkpoint, and a program may be started
/// elsewhere.
void Planner::setBase()
{
    auto &info = m_plan.info;
    info.base = m_options.base.empty() ? DefaultWeights : m_options.base;
    if (auto own = resolveNameOrFolder(m_service, info.base)) {
        info.base = own->text();
        return;
    }
    const auto folder = findWeights(info.base);
    if (folder && *folder == std::filesystem::path(info.base))
        info.basePath = std::filesystem::absolute(*folder).lexically_normal().string();
}

Result<void> Planner::configure()
{
    auto &config = m_plan.info.config;
    auto several = TRY(m_service.isMultiLabel());
    config.task = several ? engine::TaskType::MultiLabel : engine::TaskType::SingleLabel;
    auto own = TRY(TrainingSettings::of(m_service));
    const auto settings = m_options.settings.over(own);
    TRY(setRecipe(settings));
    TRY(settings.applyTo(config));
    if (config.recipe == Recipe::Seconds)
        config.epochs = 1;
    if (config.recipe == Recipe::SelfTraining)
        config.epochs = std::max(config.epochs, 2);
    if (config.recipe == Recipe::SelfTraining && config.balance == engine::Balance::Sampling) {
        m_plan.notes.push_back(
            "Rows without a label cannot be balanced by sampling: rows of rare classes count more instead.");
        config.balance = engine::Balance::Weights;
    }
    if (config.balance != engine::Balance::None && several) {
        m_plan.notes.push_back(
            "Texts may have several classes here: each has a threshold of its own, so rare ones are not "
            "weighted in training.");
        config.balance = engine::Balance::None;
    }
    // Where nothing says how, fine-tuning takes rows more or less often, and what has other rows beside weighs them.
    const bool samples = config.recipe == Recipe::Finetune || config.recipe == Recipe::Lora;
    if (!config.rebalance.empty() && config.balance == engine::Balance::None && !several)
        config.balance = samples ? engine::Balance::Sampling : engine::Balance::Weights;
    config.threads = m_options.threads > 0 ? m_options.threads : base::usableCores();
    return engine::validate(config);
}

Result<void> Planner::setRecipe(const TrainingSettings &settings)
{
    auto &config = m_plan.info.config;
    auto counts = TRY(m_service.examples().counts());
    auto taught = TRY(m_service.examples().taughtRows());
    // What a teacher has labelled may turn out to be texts without a label.
    const bool learnsTaught = settings.teacherLabels == engine::name(engine::TeacherLabels::Use);
    const int64_t unsure = learnsTaught || taught == counts.train ? 0 : taught;
    const RowCounts rows{counts.train - unsure, counts.unlabelled + unsure,
                         static_cast<int64_t>(m_plan.info.labels.size())};
    if (m_options.recipe == "automatic") {
        const RecipeChoice choice = settings.useLora.value_or(false)
                                        ? RecipeChoice{Recipe::Lora, defaultEpochs(Recipe::Lora, rows),
                                                       "the settings ask for adapters (use_lora)"}
                                        : chooseRecipe(rows, config.task);
        config.recipe = choice.recipe;
        config.epochs = choice.epochs;
        m_plan.automatic = choice.because;
        m_plan.notes.push_back("Automatic chose the recipe " + std::string(engine::name(choice.recipe)) + ": " +
                               choice.because + ".");
    } else if (const auto named = engine::named<engine::Recipe>(m_options.recipe)) {
        config.recipe = *named;
        config.epochs = defaultEpochs(*named, rows);
    } else {
        return failure(ErrorCode::Unsupported,
                       "This version trains by the recipes automatic, seconds, self-training, finetune and lora.",
                       m_options.recipe);
    }
    if (config.recipe == Recipe::Lora)
        config.learningRate = LoraLearningRate;
    if (config.recipe == Recipe::SelfTraining && config.task == engine::TaskType::MultiLabel)
        return failure(ErrorCode::Unsupported,
                       "Rows without a label are learned from only where texts have one class each. Use the recipe "
                       "finetune.",
                       m_options.recipe);
    return {};
}

}  // namespace

Result<TrainPlan> planTraining(const Service &service, const TrainOptions &options)
{
    return Planner(service, options).plan();
}

Result<std::filesystem::path> baseFolder(const Service &service, const RunInfo &run)
{
    if (!run.basePath.empty())
        return findWeights(run.basePath);
    if (auto own = resolveCheckpoint(service, run.base))
        return service.checkpointFolder(own->run, own->epoch);
    return findWeights(run.base);
}

}  // namespace core
