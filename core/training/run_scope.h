// SPDX-License-Identifier: Apache-2.0
// A run that has begun ends in a state, whatever happens.
#pragma once

#include "core/store/run_store.h"

#include <string>
#include <utility>

namespace core {

/// From when a run says running. Left without settle(), by an exception or an early return, the run has failed. What
/// no destructor reaches, a kill, is found by the lock that is free: Service::settleDeadRuns().
class RunScope {
public:
    RunScope(const RunStore &store, std::string run) : m_store(store), m_run(std::move(run)) { }
    ~RunScope()
    {
        if (!m_isSettled)
            static_cast<void>(m_store.setState(m_run, "failed", "It ended unexpectedly."));
    }
    RunScope(const RunScope &) = delete;
    RunScope &operator=(const RunScope &) = delete;

    /// Writes the state, see RunInfo::state; an error is one of the store's.
    [[nodiscard]] base::Result<void> settle(const std::string &state, const std::string &error = {})
    {
        auto written = m_store.setState(m_run, state, error);
        m_isSettled = written.has_value();
        return written;
    }

private:
    const RunStore &m_store;
    std::string m_run;
    bool m_isSettled = false;
};

}  // namespace core
