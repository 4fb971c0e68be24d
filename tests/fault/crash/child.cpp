// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/crash/child.h"

#include "core/base/failpoint.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace crash {

Child::Child(const std::string &failpoint, const std::string &log, const std::function<void(const Child &)> &work)
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0)
        std::abort();
    m_read = ends[0];
    m_write = ends[1];
    m_pid = ::fork();
    if (m_pid != 0) {
        ::close(m_write);
        return;
    }
    ::close(m_read);
    ::setenv("STILLROOM_FAILPOINT", failpoint.c_str(), 1);
    ::setenv("STILLROOM_FAILPOINT_LOG", log.c_str(), 1);
    base::armFailpoints();
    work(*this);
    ::_exit(0);
}

void Child::say(const std::string &line) const
{
    const std::string text = line + '\n';
    if (::write(m_write, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        ::_exit(9);
}

std::string Child::wait(double milliseconds, bool *killed)
{
    std::string said;
    // The pipe ends with the process; what it said before is read to the end.
    const auto begin = std::chrono::steady_clock::now();
    for (bool sent = milliseconds < 0;;) {
        const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - begin;
        const double left = std::max(0.0, milliseconds - passed.count());
        pollfd ready{m_read, POLLIN, 0};
        const int found = ::poll(&ready, 1, sent ? -1 : static_cast<int>(left));
        if (found == 0 && !sent) {
            ::kill(m_pid, SIGKILL);
            sent = true;
            continue;
        }
        char buffer[4096];
        const ssize_t count = ::read(m_read, buffer, sizeof buffer);
        if (count <= 0)
            break;
        said.append(buffer, static_cast<size_t>(count));
    }
    ::close(m_read);
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    if (killed)
        *killed = WIFSIGNALED(status);
    return said;
}

}  // namespace crash
