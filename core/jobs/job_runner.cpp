// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_runner.h"

#include "core/base/result_guard.h"

namespace core {

namespace {

constexpr size_t SharedThreads = 4;

}  // namespace

void Job::cancel()
{
    m_shared->stop.request_stop();
}

void Job::setState(State state)
{
    m_state = state;
    Q_EMIT progressChanged();
    if (isFinished())
        Q_EMIT finished();
}

JobRunner::JobRunner(QObject *parent) : QObject(parent)
{
    for (const Lane lane : {Lane::Exclusive, Lane::Interactive, Lane::Shared}) {
        Queue &queue = m_queues[static_cast<size_t>(lane)];
        for (size_t i = 0; i < (lane == Lane::Shared ? SharedThreads : 1); ++i)
            queue.threads.emplace_back([this, &queue](const std::stop_token &stop) { serve(queue, stop); });
    }
}

JobRunner::~JobRunner()
{
    for (Job *job : m_jobs)
        job->cancel();
    for (Queue &queue : m_queues) {
        for (auto &thread : queue.threads)
            thread.request_stop();
        queue.threads.clear();  // joins
    }
}

Job *JobRunner::start(const QString &title, Lane lane, Work work)
{
    auto *job = new Job(title, this);
    m_jobs.push_back(job);
    Queue &queue = m_queues[static_cast<size_t>(lane)];
    {
        const std::lock_guard lock(queue.mutex);
        queue.tasks.push_back({job, job->m_shared, std::move(work)});
    }
    queue.ready.notify_one();
    Q_EMIT jobsChanged();
    return job;
}

void JobRunner::serve(Queue &queue, const std::stop_token &stop)
{
    for (;;) {
        std::unique_lock lock(queue.mutex);
        if (!queue.ready.wait(lock, stop, [&] { return !queue.tasks.empty(); }))
            return;
        const Task task = std::move(queue.tasks.front());
        queue.tasks.pop_front();
        lock.unlock();
        runTask(task);
    }
}

void JobRunner::runTask(const Task &task)
{
    Job *job = task.job;
    base::Result<void> result = base::cancelled();
    if (!task.shared->stop.stop_requested()) {
        QMetaObject::invokeMethod(
            this, [job] { job->setState(Job::State::Running); }, Qt::QueuedConnection);
        base::WorkContext context;
        context.stop = task.shared->stop.get_token();
        // One post is under way at most: a million reports cost the receiver what it can show.
        context.report = [this, job, shared = task.shared](const base::Progress &progress) {
            {
                const std::lock_guard lock(shared->mutex);
                shared->latest = progress;
                if (std::exchange(shared->posted, true))
                    return;
            }
            QMetaObject::invokeMethod(
                this,
                [job, shared] {
                    {
                        const std::lock_guard lock(shared->mutex);
                        job->m_progress = shared->latest;
                        shared->posted = false;
                    }
                    Q_EMIT job->progressChanged();
                },
                Qt::QueuedConnection);
        };
        result = base::guard({}, [&] { return task.work(context); });
    }
    QMetaObject::invokeMethod(
        this, [this, job, result = std::move(result)] { finish(job, result); }, Qt::QueuedConnection);
}

void JobRunner::finish(Job *job, base::Result<void> result)
{
    if (result) {
        job->setState(Job::State::Succeeded);
    } else {
        job->m_error = result.error();
        job->setState(result.error().code == base::ErrorCode::Cancelled ? Job::State::Cancelled : Job::State::Failed);
    }
    keep(job);
    Q_EMIT jobsChanged();
}

void JobRunner::keep(Job *ended)
{
    auto &kept = m_ended[ended->title().isEmpty() ? 0 : 1];
    kept.push_back(ended);
    if (kept.size() <= KeptJobs)
        return;
    Job *oldest = kept.front();
    kept.pop_front();
    std::erase(m_jobs, oldest);
    oldest->deleteLater();  // somebody may be within one of its signals
}

}  // namespace core
