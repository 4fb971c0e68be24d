// SPDX-License-Identifier: Apache-2.0
// The session's trainings: their runs as the store has them, and those of this window.
#include "core/engine/eval/ask_rule_file.h"
#include "core/tasks/train_task.h"
#include "core/training/run_files.h"
#include "ui/session/session.h"
#include "ui/session/start_work.h"

#include <algorithm>

using base::Result;
using core::Lane;

namespace ui {

namespace {

/// Exam rows that the untrained weights answer unasked, so that each training has something to be better than: some ten
/// seconds of one core.
constexpr int64_t MostExamined = 5000;

}  // namespace

const RunView *Session::runOrNull(const std::string &id) const
{
    for (const auto *views : {&m_runs, &m_exams}) {
        const auto found = std::find_if(views->begin(), views->end(), [&](const auto &r) { return r.info.id == id; });
        if (found != views->end())
            return &*found;
    }
    return nullptr;
}

const CheckpointView *Session::checkpointOrNull(const core::CheckpointName &name) const
{
    const RunView *run = runOrNull(name.run);
    if (!run)
        return nullptr;
    const auto found = std::find_if(run->checkpoints.begin(), run->checkpoints.end(),
                                    [&](const auto &c) { return c.info.epoch == name.epoch; });
    return found == run->checkpoints.end() ? nullptr : &*found;
}

const RunView *Session::runningOrNull() const
{
    const auto found =
        std::find_if(m_runs.rbegin(), m_runs.rend(), [](const auto &r) { return r.info.state == "running"; });
    return found == m_runs.rend() ? nullptr : &*found;
}

core::Job *Session::trainingJobOrNull() const
{
    const auto found = std::find_if(m_trainingJobs.begin(), m_trainingJobs.end(),
                                    [](const core::Job *job) { return !job->isFinished(); });
    return found == m_trainingJobs.end() ? nullptr : *found;
}

core::Job *Session::train(core::TrainOptions options)
{
    if (options.threads == 0 && options.resume.empty())
        options.threads = trainingThreads();
    struct Outcome {
        std::string run, notes;
    };
    auto outcome = std::make_shared<Outcome>();
    auto *job = m_runner.start(tr("Training"), Lane::Exclusive,
                               [folder = folder(), options, outcome](const base::WorkContext &context) -> Result<void> {
                                   auto service = TRY(core::Service::openAgain(folder));
                                   auto done = TRY(core::train(service, options, context));
                                   outcome->run = done.run.id;
                                   for (const std::string &note : done.notes)
                                       outcome->notes += (outcome->notes.empty() ? "" : " ") + note;
                                   return {};
                               });
    m_trainingJobs.push_back(job);
    connect(job, &core::Job::finished, this, [this, job, outcome] {
        std::erase(m_trainingJobs, job);
        if (!m_discard.empty())
            removeRun(std::exchange(m_discard, {}));
        readRuns();
        if (job->state() == core::Job::State::Succeeded)
            examineUntrained();
        Q_EMIT trainingEnded(QString::fromStdString(outcome->run), job->error().value_or(base::Error{}),
                             job->state() == core::Job::State::Succeeded, QString::fromStdString(outcome->notes));
    });
    Q_EMIT runsChanged();
    return job;
}

void Session::discard(const std::string &run)
{
    if (refuse())
        return;
    const RunView *view = runOrNull(run);
    if (view && view->info.state == "running" && trainingJobOrNull()) {
        m_discard = run;
        trainingJobOrNull()->cancel();
        return;
    }
    removeRun(run);
    readRuns();
}

void Session::removeRun(const std::string &run)
{
    if (auto removed = core::removeRun(m_service, run); !removed)
        Q_EMIT failed(removed.error());
}

void Session::use(const core::CheckpointName &name)
{
    if (refuse())
        return;
    if (auto chosen = core::chooseCheckpoint(m_service, name); !chosen)
        return Q_EMIT failed(chosen.error());
    readChoice();
    Q_EMIT runsChanged();
}

void Session::setAskRule(const core::CheckpointName &name, const engine::AskRule &rule,
                         const std::vector<std::string> &labels)
{
    if (refuse())
        return;
    if (auto set = engine::writeAskRule(m_service.checkpointFolder(name.run, name.epoch), rule, labels); !set)
        Q_EMIT failed(set.error());
}

Result<std::vector<RunView>> Session::viewsOf(std::vector<core::RunInfo> infos) const
{
    const core::RunStore store(m_service.database());
    std::vector<RunView> views;
    for (auto &info : infos) {
        RunView view{std::move(info), {}};
        auto checkpoints = TRY(store.checkpoints(view.info.id));
        if (view.info.bestEpoch == 0 && view.info.state != "running" && !view.info.isExam())
            view.info.bestEpoch = core::usedPass(folder(), view.info, checkpoints);
        for (auto &checkpoint : checkpoints) {
            // Ten times a second while a run trains: only what is new is parsed.
            const core::CheckpointName name{view.info.id, checkpoint.epoch};
            const bool isThere = name.isExam() || core::isThere(folder(), name);
            const CheckpointView *known = checkpointOrNull(name);
            if (known && known->info.validation == checkpoint.validation && known->info.test == checkpoint.test) {
                view.checkpoints.push_back({std::move(checkpoint), known->heldOut, known->exam, isThere});
                continue;
            }
            auto heldOut = core::parseReport(checkpoint.validation);
            auto exam = core::parseReport(checkpoint.test);
            view.checkpoints.push_back({std::move(checkpoint), std::move(heldOut), std::move(exam), isThere});
        }
        if (const RunView *known = runOrNull(view.info.id);
            known && known->info.state == view.info.state && known->checkpointsThere() == view.checkpointsThere())
            view.bytes = known->bytes;
        else if (!view.info.isExam())
            view.bytes = core::bytesOfRun(m_service, view.info.id);
        views.push_back(std::move(view));
    }
    return views;
}

void Session::readRuns()
{
    const core::RunStore store(m_service.database());
    auto runs = store.runs();
    if (!runs)
        return Q_EMIT failed(runs.error());
    auto exams = store.exams();
    if (!exams)
        return Q_EMIT failed(exams.error());
    auto unreadable = store.unreadable();
    if (!unreadable)
        return Q_EMIT failed(unreadable.error());
    m_unreadableRuns = std::move(*unreadable);
    auto runViews = viewsOf(std::move(*runs)), examViews = viewsOf(std::move(*exams));
    if (!runViews || !examViews)
        return Q_EMIT failed((runViews ? examViews : runViews).error());
    m_runs = std::move(*runViews);
    m_exams = std::move(*examViews);
    if (runningOrNull() && !trainingJobOrNull())
        m_liveness.start();
    std::string state = std::to_string(m_unreadableRuns.size());
    for (const auto *views : {&m_runs, &m_exams}) {
        for (const RunView &run : *views)
            state += "|" + run.info.id + run.info.createdAt + run.info.state + std::to_string(run.info.bestEpoch) +
                     "/" + std::to_string(run.checkpoints.size()) + "/" + std::to_string(run.checkpointsThere());
    }
    if (std::exchange(m_runsState, state) != state)
        readChoice();
    Q_EMIT runsChanged();
}

/// A process that was killed says nothing.
void Session::settleDeadRuns()
{
    const auto settled = m_service.settleDeadRuns();
    if (settled && *settled > 0)
        readRuns();
    else if (runningOrNull() && !trainingJobOrNull())
        m_liveness.start();  // it works, or the store is asked again
}

core::Job *Session::examine(core::EmbeddingTeacher::Learns learns)
{
    auto *job = m_runner.start(tr("Examining a teacher"), Lane::Shared,
                               [folder = folder(), learns](const base::WorkContext &context) -> Result<void> {
                                   auto service = TRY(core::Service::openAgain(folder));
                                   auto reader = TRY(core::FeatureReader::open(1));
                                   auto exam = core::examine(service, learns, std::move(reader), context);
                                   return exam ? Result<void>() : Result<void>(base::failure(exam));
                               });
    connect(job, &core::Job::finished, this, &Session::readRuns);
    return job;
}

void Session::examineUntrained()
{
    const bool isKnown = std::any_of(m_exams.begin(), m_exams.end(),
                                     [](const RunView &view) { return view.info.examined == core::UntrainedTeacher; });
    if (!isKnown && counts().test > 0 && counts().test <= MostExamined)
        examine(core::EmbeddingTeacher::Learns::Descriptions);
}

void Session::readChoice()
{
    const auto best = core::resolveCheckpoint(m_service, "best");
    m_best = best ? std::optional(*best) : std::nullopt;
    const auto inUse = core::checkpointInUse(m_service);
    m_inUse = inUse ? std::optional(*inUse) : std::nullopt;
}

}  // namespace ui
