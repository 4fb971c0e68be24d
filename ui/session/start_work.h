// SPDX-License-Identifier: Apache-2.0
// Background work with a result for the window.
#pragma once

#include "core/jobs/job_runner.h"

#include <functional>
#include <memory>
#include <optional>

namespace ui {

/// Runs `work` in a lane and hands its result to `done` on this thread, unless `receiver` is gone by then.
template <class T, class WorkFunction, class Done>
core::Job *startWork(core::JobRunner &runner, const QString &title, core::Lane lane, QObject *receiver,
                     WorkFunction work, Done done)
{
    auto result = std::make_shared<std::optional<T>>();
    auto *job = runner.start(title, lane,
                             [work = std::move(work), result](const base::WorkContext &context) -> base::Result<void> {
                                 base::Result<T> made = work(context);
                                 if (!made)
                                     return base::failure(made);
                                 result->emplace(std::move(*made));
                                 return {};
                             });
    QObject::connect(job, &core::Job::finished, receiver, [job, result, done = std::move(done)]() mutable {
        if (result->has_value())
            done(base::Result<T>(std::move(**result)));
        else
            done(base::Result<T>(base::Failure(job->error().value_or(base::Error{}))));
    });
    return job;
}

}  // namespace ui
