// SPDX-License-Identifier: Apache-2.0
// A process of its own for a part of a round, and what it says to its parent.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace crash {

class Child {
public:
    /// Runs `work` in a new process under the failpoint settings (empty: none). What it writes with `say` is read here.
    Child(const std::string &failpoint, const std::string &log, const std::function<void(const Child &)> &work);

    /// In the child: a line to the parent, which outlives the child.
    void say(const std::string &line) const;

    /// In the parent: kills it after so many milliseconds (negative: never) unless it has ended; what it said.
    /// `killed` becomes whether it died of a signal.
    [[nodiscard]] std::string wait(double milliseconds, bool *killed);

private:
    pid_t m_pid = 0;
    int m_read = -1;
    int m_write = -1;
};

}  // namespace crash
