// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/train_task.h"

#include "core/base/atomic_file.h"
#include "core/base/counted.h"
#include "core/base/failpoint.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/nets_loader.h"
#include "core/quality/audit.h"
#include "core/results/chosen_pass.h"
#include "core/results/report_json.h"
#include "core/service/folder_lock.h"
#include "core/settings/log.h"
#include "core/store/edit_log.h"
#include "core/training/cross_validation.h"
#include "core/training/disk_fit.h"
#include "core/training/length_trial.h"
#include "core/training/memory_fit.h"
#include "core/training/resumed_run.h"
#include "core/training/run_files.h"
#include "core/training/run_observer.h"
#include "core/training/run_scope.h"
#include "core/training/train_material.h"
#include "core/training/train_notes.h"
#include "core/training/train_plan.h"
#include "core/training/training_budget.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using engine::Matrix;
using engine::Recipe;

namespace core {

namespace {

class TrainTask {
public:
    TrainTask(const Service &service, const TrainOptions &options, const base::WorkContext &context,
              const EpochListener &listener)
        : m_service(service), m_options(options), m_context(context), m_listener(listener), m_store(service.database())
    {
    }

    Result<TrainOutcome> run()
    {
        auto lock = TRY(FolderLock::forRun(m_service.folder()));
        m_lock.emplace(std::move(lock));
        TRY(m_store.markInterrupted());
        auto nets = TRY(engine::openNets());
        m_nets = nets;
        auto begun = m_options.resume.empty() ? begin() : goOn();
        if (!begun) {
            settle(begun.error());
            return failure(begun);
        }
        logEvent("train.start", {{"rows", static_cast<int64_t>(m_material.train.ids.size())},
                                 {"classes", static_cast<int64_t>(m_info.labels.size())}});
        auto done = compute();
        if (!done) {
            logEvent("train.end", {{"result", settle(done.error())}});
            return failure(done);
        }
        logEvent("train.end", {{"result", "succeeded"}, {"seconds", m_info.seconds}});
        auto checkpoints = TRY(m_store.checkpoints(m_info.id));
        return TrainOutcome{m_info, std::move(checkpoints), m_curve, m_notes, m_automatic};
    }

private:
    /// Of a run that has begun, what it ended as.
    const char *settle(const base::Error &error)
    {
        const char *state = error.code == ErrorCode::Cancelled ? "stopped" : "failed";
        if (m_scope)
            static_cast<void>(m_scope->settle(state, error.message));
        return state;
    }
    Result<void> begin();
    Result<void> goOn();
    Result<void> prepareFolder();
    [[nodiscard]] Result<void> writeConfig() const;
    Result<void> prepare();
    void note(std::string sentence)
    {
        if (!sentence.empty())
            m_notes.push_back(std::move(sentence));
    }
    Result<void> decideOnTaught();
    Result<void> fitMemory();
    Result<void> fitDisk(int done);
    void shorten(int microBatch);
    /// Of each pass, by rounds that leave rows out.
    Result<std::vector<Score>> crossValidate();
    [[nodiscard]] Result<std::map<int, double>> heldOutScores() const;
    /// Of the rows whose labels are the material's validationLabels.
    [[nodiscard]] std::vector<int64_t> heldOutIds() const
    {
        const auto &ids = m_material.train.ids;
        return m_material.holdOut.validation.empty() ? ids : pick(ids, m_material.holdOut.validation);
    }
    Result<void> compute();
    Result<void> choose();
    [[nodiscard]] std::optional<double> rejectShare() const
    {
        const auto &config = m_info.config;
        return config.rejectClass.empty() ? std::nullopt : std::optional(config.rejectShare);
    }

    const Service &m_service;
    const TrainOptions &m_options;
    const base::WorkContext &m_context;
    const EpochListener &m_listener;
    RunStore m_store;
    std::optional<FolderLock> m_lock;
    std::optional<RunScope> m_scope;  ///< ends before the lock
    engine::Nets *m_nets = nullptr;
    RunInfo m_info;
    TrainMaterial m_material;
    std::vector<std::string> m_notes;
    engine::LearningCurve m_curve;
    std::string m_automatic;  ///< why the recipe was chosen; empty: it was asked for
};

Result<void> TrainTask::prepare()
{
    m_material = TRY(prepareMaterial(m_service, m_info, m_notes, m_context));
    TRY(decideOnTaught());
    return m_nets->device().gpu ? Result<void>() : fitMemory();
}

/// Whether a teacher's labels are learned from, where that was left to us. A run that goes on knows.
Result<void> TrainTask::decideOnTaught()
{
    auto &config = m_info.config;
    const auto &train = m_material.request.train;
    const bool isOpen = config.teacherLabels == engine::TeacherLabels::Automatic;
    if (train.taught == 0) {
        if (!m_material.trainWeights.empty())
            note(noteOnOnlyTaught(m_material.trainWeights.size()));
        if (isOpen && !m_material.trainWeights.empty())
            config.teacherLabels = engine::TeacherLabels::Use;
        m_material.request.config = config;
        return {};
    }
    if (!isOpen) {
        if (config.teacherLabels == engine::TeacherLabels::Use && m_material.holdOut.validation.empty())
            note(noteOnSeenRows());
        return {};
    }
    auto memory = TRY(TeacherMemory::of(m_service));
    std::vector<bool> isUnseen;
    for (const size_t row : m_material.holdOut.train)
        isUnseen.push_back(std::ranges::none_of(m_material.taught.teachers, [&](const std::string &teacher) {
            return memory.hasSeen(teacher, m_material.train.ids[row]);
        }));
    auto trial = TRY(tryTaught(*m_nets, m_material.request, isUnseen, m_context));
    config.teacherLabels = trial.helps() ? engine::TeacherLabels::Use : engine::TeacherLabels::Leave;
    note(noteOnTaught(trial, m_material.taught.weights));
    if (!trial.helps()) {
        m_material = TRY(prepareMaterial(m_service, m_info, m_notes, m_context));
    }
    m_material.request.config = config;
    return {};
}

/// Computes batches in smaller parts where memory is short, and refuses what cannot fit. On a GPU only the attempt
/// tells.
Result<void> TrainTask::fitMemory()
{
    auto &config = m_info.config;
    auto fitting =
        microBatchThatFits(m_material.encoder, config, m_material.sizes(), m_info.labels.size(), m_info.base);
    if (!fitting)
        return failure(fitting);
    if (*fitting < config.microBatch)
        shorten(*fitting);
    m_material.request.config = config;
    return {};
}

Result<void> TrainTask::fitDisk(int done)
{
    auto said = TRY(noteOnDisk(diskOfRun(m_material.encoder, m_info, m_material.sizes(), done), m_service.folder()));
    note(std::move(said));
    return {};
}

/// The gradients still add up to the batch: only the speed changes.
void TrainTask::shorten(int microBatch)
{
    m_info.config.microBatch = microBatch;
    m_notes.push_back("Memory is short: batches of " + std::to_string(m_info.config.batchSize) +
                      " rows are computed in parts of " + std::to_string(microBatch) + ".");
    logEvent("train.memory_short", {{"micro_batch", int64_t{microBatch}}});
}

Result<void> TrainTask::begin()
{
    auto half = TRY(EditLog(m_service.database()).isHalfWritten());
    if (half)
        return failure(ErrorCode::Busy,
                       "Many rows of this service are being changed right now. Train when that has ended.",
                       m_service.folder().string());
    auto findings = TRY(audit(m_service));
    TRY(refuseBlocked(findings, m_options.anyway));
    auto plan = TRY(planTraining(m_service, m_options));
    m_info = std::move(plan.info);
    m_notes = std::move(plan.notes);
    m_automatic = std::move(plan.automatic);
    TRY(prepare());
    TRY(fitDisk(0));
    auto hashes = TRY(hashesOf(m_material.request.base));
    m_info.baseHash = hashes.weights;
    m_info.tokenizerHash = hashes.tokenizer;
    m_info.asked = askedText(m_options);
    const std::string wanted = m_options.name.empty() ? engine::name(m_info.config.recipe) : m_options.name;
    if (!isRunName(wanted))
        return failure(ErrorCode::InvalidInput,
                       "A run's name may hold letters, digits, '-', '_' and '.', at most 64 of them, and begins with a "
                       "letter or digit.",
                       wanted);
    // A folder that no run points to may hold old checkpoints.
    const auto isTaken = [&](const std::string &name) {
        std::error_code code;
        return fs::exists(m_service.runFolder(name), code);
    };
    auto id = TRY(m_store.create(wanted, m_info, m_material.rows(), isTaken));
    m_info.id = id;
    m_scope.emplace(m_store, id);
    if (const int failing = base::failpointError("run.created"))
        return base::Failure(base::systemError(failing, m_service.runFolder(id)));
    return prepareFolder();
}

/// Also for a run that is resumed: it may have died before it had one.
Result<void> TrainTask::prepareFolder()
{
    const fs::path folder = m_service.runFolder(m_info.id);
    std::error_code code;
    fs::create_directories(folder / "checkpoints", code);
    if (code)
        return base::Failure(base::systemError(code.value(), folder));
    m_material.request.checkpoints = folder / "checkpoints";
    m_material.request.scratch = folder;
    return writeConfig();
}

Result<void> TrainTask::writeConfig() const
{
    return base::writeFile(m_service.runFolder(m_info.id) / "config.yaml", engine::toJson(m_info.config) + "\n");
}

Result<void> TrainTask::goOn()
{
    m_info = TRY(m_store.run(m_options.resume));
    if (m_info.state == "succeeded")
        return failure(ErrorCode::InvalidInput,
                       "This run is complete; there is nothing to resume. Start a new one from its checkpoint.",
                       m_info.id);
    TRY(refuseOtherOptions(m_service, m_info, m_options));
    TRY(refuseOtherBase(m_service, m_info));
    m_info.keep = m_options.keep.value_or(m_info.keep);
    const auto recorded = m_info.config;
    TRY(prepare());
    auto rows = TRY(m_store.rows(m_info.id));
    const auto contents = [](const std::vector<RunRow> &list) {
        std::map<int64_t, int64_t> byRow;
        for (const RunRow &row : list)
            byRow[row.example] = row.contentHash;
        return byRow;
    };
    if (contents(rows) != contents(m_material.rows()))
        return failure(ErrorCode::InvalidInput,
                       "The rows have changed since this run began, so going on would mix two sets. Undo the changes, "
                       "or start a new run from one of its checkpoints.",
                       m_info.id);
    auto finished = TRY(m_store.checkpoints(m_info.id));
    TRY(fitDisk(static_cast<int>(finished.size())));
    TRY(prepareFolder());
    m_material.request.resume = true;
    if (m_info.config != recorded) {
        TRY(m_store.setConfig(m_info.id, m_info.config));
    }
    if (m_options.keep) {
        TRY(m_store.setKeep(m_info.id, m_info.keep));
    }
    m_scope.emplace(m_store, m_info.id);
    return m_store.setState(m_info.id, "running");
}

/// Of the epochs that a run has done before it was interrupted.
Result<std::map<int, double>> TrainTask::heldOutScores() const
{
    auto checkpoints = TRY(m_store.checkpoints(m_info.id));
    std::map<int, double> scores;
    for (const CheckpointInfo &checkpoint : checkpoints) {
        const auto report = nlohmann::json::parse(checkpoint.validation, nullptr, false);
        if (report.is_object() && !report.contains("cross_validated"))
            scores[checkpoint.epoch] = metricOf(report, m_info.config.metric);
    }
    return scores;
}

Result<std::vector<Score>> TrainTask::crossValidate()
{
    const auto &config = m_info.config;
    if (!m_info.crossValidation.empty()) {  // done before an interruption
        auto recorded = parseScores(m_info.crossValidation);
        if (recorded.size() != static_cast<size_t>(config.epochs))
            return failure(ErrorCode::Corrupt, "The recorded scores of this run are damaged. Start a new run.",
                           m_info.id);
        return recorded;
    }
    const FoldPlan plan = planFolds(m_material.request);
    note(noteOnFolds(plan, m_material.request));
    auto logits = TRY(heldOutLogits(*m_nets, m_material, plan, m_context));
    const auto &train = m_material.train;
    std::vector<Score> scores;
    std::vector<RunStore::Predictions> answers;
    for (const Matrix &epoch : logits) {
        scores.push_back(scoreOf(epoch, train.labels, train.combinations, rejectShare()));
        const auto &calibration = scores.back().calibration;
        const Matrix probabilities = engine::probabilitiesWith(calibration, epoch, config.task);
        scores.back().report = reportJson(engine::classificationReport(probabilities, train.labels, train.combinations,
                                                                       calibration.thresholds),
                                          m_info.labels)
                                   .dump();
        answers.push_back(keptHeldOut(train.ids, probabilities));
    }
    if (config.recipe == Recipe::SelfTraining)
        answers.front() = {};  // the head has its own
    TRY(m_store.putHeldOut(m_info.id, answers));
    m_info.crossValidation = scoresJson(config.task, scores);
    TRY(m_store.setOutcome(m_info));
    return scores;
}

Result<void> TrainTask::compute()
{
    auto heldOut = TRY(heldOutScores());
    const bool isHeldOut = !m_material.holdOut.validation.empty();
    std::function<Result<std::vector<Score>>()> crossValidation;
    if (!isHeldOut && m_info.config.recipe != Recipe::Seconds)
        crossValidation = [this] { return crossValidate(); };
    const bool beginsWithHead = m_info.config.recipe == Recipe::SelfTraining;
    // The rounds begin with what the run's own head has read.
    if (crossValidation && beginsWithHead && m_info.crossValidation.empty())
        m_material.request.features = std::make_shared<engine::KnownFeatures>();
    // What begins with a head has an answer left out for each row at once, and a checkpoint that can be used. All else
    // waits for that.
    if (crossValidation && (!beginsWithHead || m_material.request.resume)) {
        if (auto read = m_material.request.features ? readFeatures(*m_nets, m_material, m_context) : Result<void>();
            !read)
            return read;
        TRY(crossValidate());
    }
    RunObserver observer(
        m_store, m_info.id,
        {m_info.labels, rejectShare(), m_info.config.task, heldOutIds(), m_material.validationLabels,
         m_material.train.combinations, m_material.test.labels, m_material.test.combinations, m_material.test.ids,
         std::move(crossValidation), m_info.config.patience, m_info.config.metric, heldOut, !isHeldOut},
        [&](const CheckpointInfo &done) {
            if (m_listener)
                m_listener(done);
            if (m_info.keep > 0)
                keepCheckpoints(m_service, m_info);
        },
        [&](int microBatch) {
            shorten(microBatch);
            // Should this not be kept, a resumed run would find out again.
            static_cast<void>(m_store.setConfig(m_info.id, m_info.config));
            static_cast<void>(writeConfig());
        });
    auto summary = TRY(m_nets->train(m_material.request, observer, m_context));
    m_curve = std::move(summary.curve);
    note(noteOnSelfTraining(summary.selfTraining, m_material.train.ids.size()));
    if (m_info.config.task == engine::TaskType::SingleLabel)
        note(noteOnFeatures(summary.heldOutLogits, pick(m_material.train.labels, m_material.holdOut.train)));
    note(noteOnCurve(m_curve));
    note(noteOnEnd(summary.epochsDone, m_info.config));
    m_info.device = m_nets->device().name;
    m_info.seconds = summary.seconds;
    m_info.rowsPerSecond = summary.rowsPerSecond;
    TRY(choose());
    // The run is complete: a trial that is stopped, or that fails, takes nothing from it.
    if (const auto trial = tryLength(*m_nets, m_material, m_context))
        note(noteOnLength(*trial));
    return {};
}

/// By held-out or cross-validated score.
Result<void> TrainTask::choose()
{
    auto checkpoints = TRY(m_store.checkpoints(m_info.id));
    m_info.bestEpoch = choosePass(m_info, checkpoints);
    m_info.state = "succeeded";
    if (const int failing = base::failpointError("run.outcome"))
        return base::Failure(base::systemError(failing, m_service.runFolder(m_info.id)));
    TRY(m_store.setOutcome(m_info));
    return m_scope->settle("succeeded");
}

}  // namespace

Result<TrainOutcome> train(const Service &service, const TrainOptions &options, const base::WorkContext &context,
                           const EpochListener &onEpoch)
{
    return TrainTask(service, options, context, onEpoch).run();
}

}  // namespace core
