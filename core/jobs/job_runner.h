// SPDX-License-Identifier: Apache-2.0
// The only place that makes threads.
#pragma once

#include "core/jobs/job.h"

#include <condition_variable>
#include <deque>
#include <thread>
#include <vector>

namespace core {

class JobRunner final : public QObject {
    Q_OBJECT
public:
    explicit JobRunner(QObject *parent = nullptr);
    /// Stops all work and waits for it.
    ~JobRunner() override;

    /// Queues `work`. The job belongs to the runner. When it has ended it stays readable until KeptJobs others of
    /// its kind, with or without a title, have ended after it: who wants to know more listens to its signals.
    Job *start(const QString &title, Lane lane, Work work);

    static constexpr size_t KeptJobs = 64;

    /// Those that wait or work, and of those that have ended the last KeptJobs with a title and as many without.
    [[nodiscard]] const std::vector<Job *> &jobs() const { return m_jobs; }

Q_SIGNALS:
    void jobsChanged();

private:
    struct Task {
        Job *job;
        std::shared_ptr<Job::Shared> shared;
        Work work;
    };
    struct Queue {
        std::mutex mutex;
        std::condition_variable_any ready;
        std::deque<Task> tasks;
        std::vector<std::jthread> threads;
    };
    void serve(Queue &queue, const std::stop_token &stop);
    void runTask(const Task &task);
    void finish(Job *job, base::Result<void> result);
    void keep(Job *ended);

    Queue m_queues[3];
    std::vector<Job *> m_jobs;
    std::deque<Job *> m_ended[2];  ///< without and with a title, in the order in which they did
};

}  // namespace core
