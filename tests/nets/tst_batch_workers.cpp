// SPDX-License-Identifier: Apache-2.0
// Batches by several threads: each once, with its share of the threads, and an end in every case.
#include "core/nets/batch_workers.h"
#include "core/nets/device.h"

#include <QtTest>
#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>

class BatchWorkersTest : public QObject {
    Q_OBJECT

private:
    const c10::Device m_cpu = c10::Device(c10::kCPU);
    static bool always() { return true; }

private Q_SLOTS:
    void init() { nets::useThreads(4); }

    void eachBatchIsComputedOnce()
    {
        for (const size_t count : {size_t{0}, size_t{1}, size_t{2}, size_t{5}, size_t{500}}) {
            std::vector<std::atomic<int>> times(count);
            QVERIFY(nets::computeBatches(
                count, m_cpu, [&](size_t batch) { ++times[batch]; }, always));
            for (const auto &number : times)
                QCOMPARE(number.load(), 1);
        }
    }

    /// The threads of each batch are the same, whoever computes it: so are its bits.
    void threadsAreDivided_data()
    {
        QTest::addColumn<size_t>("batches");
        QTest::addColumn<size_t>("mostWorkers");
        QTest::addColumn<int>("threadsOfEach");
        QTest::newRow("one batch") << size_t{1} << size_t{1} << 4;
        QTest::newRow("two batches") << size_t{2} << size_t{2} << 2;
        QTest::newRow("three batches") << size_t{3} << size_t{3} << 1;
        QTest::newRow("many batches") << size_t{40} << size_t{4} << 1;
    }
    void threadsAreDivided()
    {
        QFETCH(size_t, batches);
        QFETCH(size_t, mostWorkers);
        QFETCH(int, threadsOfEach);
        std::mutex mutex;
        std::set<std::thread::id> workers;
        std::set<int> threads;
        const auto compute = [&](size_t) {
            const int own = nets::useThreads(0);
            const std::lock_guard lock(mutex);
            workers.insert(std::this_thread::get_id());
            threads.insert(own);
        };
        QVERIFY(nets::computeBatches(batches, m_cpu, compute, always));
        QVERIFY(!workers.empty() && workers.size() <= mostWorkers);
        QVERIFY(threads == std::set{threadsOfEach});
        QCOMPARE(nets::useThreads(0), 4);
    }

    /// So many batches at a time as there are threads, no more.
    void batchesRunAtTheSameTime()
    {
        std::atomic<int> running = 0, most = 0;
        const auto compute = [&](size_t) {
            const int now = ++running;
            for (int before = most; before < now && !most.compare_exchange_weak(before, now);) {
            }
            QThread::msleep(20);
            --running;
        };
        QVERIFY(nets::computeBatches(16, m_cpu, compute, always));
        QCOMPARE(most.load(), 4);
    }

    void aGpuComputesOneAfterAnother()
    {
        std::set<std::thread::id> workers;
        QVERIFY(nets::computeBatches(
            9, c10::Device(c10::kCUDA, 0), [&](size_t) { workers.insert(std::this_thread::get_id()); }, always));
        QVERIFY(workers == std::set{std::this_thread::get_id()});
    }

    void stopsBetweenBatches()
    {
        std::atomic<int> computed = 0;
        const auto own = std::this_thread::get_id();
        bool otherThread = false;
        const auto goesOn = [&] {
            otherThread = otherThread || std::this_thread::get_id() != own;
            return false;
        };
        const auto compute = [&](size_t) {
            ++computed;
            QThread::msleep(5);
        };
        QVERIFY(!nets::computeBatches(400, m_cpu, compute, goesOn));
        QVERIFY(!otherThread);
        QVERIFY2(computed < 40, qPrintable(QString::number(computed)));
    }

    /// As a failed allocation throws; whoever computes the batch.
    void anExceptionComesOut_data()
    {
        QTest::addColumn<size_t>("batch");
        for (const size_t batch : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{30}})
            QTest::addRow("batch %zu", batch) << batch;
    }
    void anExceptionComesOut()
    {
        QFETCH(size_t, batch);
        std::atomic<int> computed = 0;
        const auto compute = [&](size_t index) {
            if (index == batch)
                throw std::bad_alloc();
            ++computed;
            QThread::msleep(2);
        };
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, (void)nets::computeBatches(4000, m_cpu, compute, always));
        QVERIFY2(computed < 200, qPrintable(QString::number(computed)));
        QCOMPARE(nets::useThreads(0), 4);
    }

    void anExceptionOfTheReportComesOut()
    {
        const auto goesOn = []() -> bool { throw std::bad_alloc(); };
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, (void)nets::computeBatches(
                                                     4000, m_cpu, [](size_t) { QThread::msleep(1); }, goesOn));
    }

    /// A container may allow few threads: those that there are do all the work. In a process of its own, without
    /// memory for a thread's stack.
    void fewerThreadsThanWantedAreEnough()
    {
        const pid_t child = fork();
        if (child == 0) {
            rlimit none{};
            getrlimit(RLIMIT_AS, &none);
            none.rlim_cur = 1;
            setrlimit(RLIMIT_AS, &none);
            static std::array<int, 8> times{};
            const bool complete = nets::computeBatches(
                times.size(), m_cpu, [](size_t batch) { ++times[batch]; }, [] { return true; });
            bool once = complete;
            for (const int number : times)
                once = once && number == 1;
            _exit(once ? 0 : 1);
        }
        int status = -1;
        QCOMPARE(waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
};

QTEST_GUILESS_MAIN(BatchWorkersTest)
#include "tst_batch_workers.moc"
