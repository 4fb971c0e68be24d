// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_runner.h"
#include "tests/support/support.h"

#include <QPointer>
#include <algorithm>
#include <atomic>

using core::Job;
using core::Lane;

class JobsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exclusiveWorkRunsOneByOneInOrder()
    {
        core::JobRunner runner;
        std::atomic<int> running = 0, most = 0;
        std::vector<int> order;
        std::vector<Job *> jobs;
        for (int i = 0; i < 5; ++i) {
            jobs.push_back(runner.start(QStringLiteral("work"), Lane::Exclusive,
                                        [&, i](const base::WorkContext &) -> base::Result<void> {
                                            most = std::max<int>(most, ++running);
                                            std::this_thread::sleep_for(std::chrono::milliseconds(5));
                                            order.push_back(i);
                                            --running;
                                            return {};
                                        }));
        }
        QTRY_COMPARE(jobs.back()->state(), Job::State::Succeeded);
        QCOMPARE(most.load(), 1);
        QCOMPARE(order, (std::vector<int>{0, 1, 2, 3, 4}));
    }

    void interactiveWorkDoesNotWaitForExclusiveWork()
    {
        core::JobRunner runner;
        std::atomic<bool> release = false;
        Job *longJob =
            runner.start(QStringLiteral("long"), Lane::Exclusive, [&](const base::WorkContext &) -> base::Result<void> {
                while (!release)
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                return {};
            });
        Job *quick = runner.start(QStringLiteral("quick"), Lane::Interactive,
                                  [](const base::WorkContext &) -> base::Result<void> { return {}; });
        QTRY_COMPARE(quick->state(), Job::State::Succeeded);
        QVERIFY(!longJob->isFinished());
        release = true;
        QTRY_COMPARE(longJob->state(), Job::State::Succeeded);
    }

    void cancelEndsRunningAndQueuedWork()
    {
        core::JobRunner runner;
        std::atomic<bool> started = false, secondRan = false;
        Job *first = runner.start(QStringLiteral("a"), Lane::Exclusive,
                                  [&](const base::WorkContext &context) -> base::Result<void> {
                                      started = true;
                                      while (!context.stopRequested())
                                          std::this_thread::sleep_for(std::chrono::milliseconds(1));
                                      return base::cancelled();
                                  });
        Job *second =
            runner.start(QStringLiteral("b"), Lane::Exclusive, [&](const base::WorkContext &) -> base::Result<void> {
                secondRan = true;
                return {};
            });
        QTRY_VERIFY(started);
        second->cancel();
        QElapsedTimer timer;
        timer.start();
        first->cancel();
        QTRY_COMPARE(first->state(), Job::State::Cancelled);
        QVERIFY2(timer.elapsed() < 200, "a stop is visible within 200 ms");
        QTRY_COMPARE(second->state(), Job::State::Cancelled);
        QVERIFY(!secondRan);
    }

    void failuresAndExceptionsBecomeErrors()
    {
        core::JobRunner runner;
        Job *failed =
            runner.start(QStringLiteral("f"), Lane::Shared, [](const base::WorkContext &) -> base::Result<void> {
                return base::failure(base::ErrorCode::DiskFull, "full");
            });
        Job *thrown =
            runner.start(QStringLiteral("t"), Lane::Shared,
                         [](const base::WorkContext &) -> base::Result<void> { throw std::runtime_error("boom"); });
        QTRY_COMPARE(failed->state(), Job::State::Failed);
        QTRY_COMPARE(thrown->state(), Job::State::Failed);
        QCOMPARE(failed->error()->code, base::ErrorCode::DiskFull);
        QCOMPARE(thrown->error()->message, std::string("boom"));
    }

    void aMillionReportsArriveAsAFew()
    {
        core::JobRunner runner;
        Job *job =
            runner.start(QStringLiteral("p"), Lane::Shared, [](const base::WorkContext &context) -> base::Result<void> {
                for (int i = 1; i <= 1'000'000; ++i)
                    context.report({i, 1'000'000, "Counting"});
                return {};
            });
        QSignalSpy spy(job, &Job::progressChanged);
        QTRY_COMPARE_WITH_TIMEOUT(job->state(), Job::State::Succeeded, 20'000);
        QCOMPARE(job->progress().done, int64_t{1'000'000});
        QVERIFY2(spy.count() < 200'000, qPrintable(QString::number(spy.count())));
    }

    void theRunnerStopsItsWorkWhenItGoes()
    {
        std::atomic<bool> ended = false;
        {
            core::JobRunner runner;
            std::atomic<bool> started = false;
            runner.start(QStringLiteral("w"), Lane::Exclusive,
                         [&](const base::WorkContext &context) -> base::Result<void> {
                             started = true;
                             while (!context.stopRequested())
                                 std::this_thread::sleep_for(std::chrono::milliseconds(1));
                             ended = true;
                             return base::cancelled();
                         });
            QTRY_VERIFY(started);
        }
        QVERIFY(ended);
    }

    void endedJobsAreFreed()
    {
        core::JobRunner runner;
        const auto work = [](const base::WorkContext &) -> base::Result<void> { return {}; };
        QPointer<Job> first = runner.start(QStringLiteral("first"), Lane::Shared, work);
        std::atomic<bool> release = false;
        Job *longJob = runner.start({}, Lane::Exclusive, [&](const base::WorkContext &) -> base::Result<void> {
            while (!release)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return {};
        });
        QTRY_COMPARE(first->state(), Job::State::Succeeded);
        int ended = 0;
        for (size_t i = 0; i < 5 * core::JobRunner::KeptJobs; ++i)
            connect(runner.start({}, Lane::Interactive, work), &Job::finished, this, [&] { ++ended; });
        QTRY_COMPARE(ended, static_cast<int>(5 * core::JobRunner::KeptJobs));
        // Many without a title do not drive out what people see in the list, nor what still works.
        QVERIFY(first);
        QCOMPARE(runner.jobs().size(), core::JobRunner::KeptJobs + 2);
        QTRY_COMPARE(static_cast<size_t>(runner.findChildren<Job *>().size()), core::JobRunner::KeptJobs + 2);
        QVERIFY(std::find(runner.jobs().begin(), runner.jobs().end(), longJob) != runner.jobs().end());
        for (size_t i = 0; i < core::JobRunner::KeptJobs; ++i)
            runner.start(QStringLiteral("another"), Lane::Interactive, work);
        QTRY_VERIFY(!first);
        release = true;
        QTRY_COMPARE(longJob->state(), Job::State::Succeeded);
    }
};

QTEST_GUILESS_MAIN(JobsTest)
#include "tst_jobs.moc"
