// SPDX-License-Identifier: Apache-2.0
#include "core/nets/batch_workers.h"

#include "core/nets/device.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace nets {

namespace {

/// What is left to do, and what went wrong.
class Batches {
public:
    Batches(size_t count, const std::function<void(size_t)> &compute) : m_count(count), m_compute(compute) { }

    /// Computes the next batch; false: there is none, or no more shall be begun.
    bool computeNext()
    {
        const size_t batch = m_next++;
        if (m_stopped || batch >= m_count)
            return false;
        try {
            m_compute(batch);
        } catch (...) {
            stop();
            const std::lock_guard lock(m_mutex);
            if (!m_error)
                m_error = std::current_exception();
            return false;
        }
        return true;
    }
    void stop() { m_stopped = true; }
    void rethrow() const
    {
        if (m_error)
            std::rethrow_exception(m_error);
    }
    [[nodiscard]] bool isStopped() const { return m_stopped; }

private:
    const size_t m_count;
    const std::function<void(size_t)> &m_compute;
    std::atomic<size_t> m_next = 0;
    std::atomic<bool> m_stopped = false;
    std::mutex m_mutex;
    std::exception_ptr m_error;
};

}  // namespace

bool computeBatches(size_t count, c10::Device device, const std::function<void(size_t)> &compute,
                    const std::function<bool()> &goesOn)
{
    const auto threads = static_cast<size_t>(std::max(1, useThreads(0)));
    const size_t workers = device.is_cpu() ? std::clamp<size_t>(count, 1, threads) : 1;
    // The same for every worker: the sums of a batch are in the same order, whoever computes it.
    const ThreadScope share(static_cast<int>(threads / workers));
    Batches batches(count, compute);
    {
        std::vector<std::jthread> others;
        others.reserve(workers - 1);
        try {
            for (size_t i = 1; i < workers; ++i) {
                others.emplace_back([&batches, &threads, &workers] {
                    useThreads(static_cast<int>(threads / workers));
                    while (batches.computeNext()) {
                    }
                });
            }
        } catch (const std::system_error &) {
            // As many as there are do the work.
        }
        try {
            while (batches.computeNext() && goesOn()) {
            }
        } catch (...) {
            batches.stop();
            throw;
        }
        if (!goesOn())
            batches.stop();
    }
    batches.rethrow();
    return !batches.isStopped();
}

}  // namespace nets
