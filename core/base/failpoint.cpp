// SPDX-License-Identifier: Apache-2.0
#include "core/base/failpoint.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace base {

namespace detail {
bool failpointsArmed = false;
}

namespace {

enum class Mode { None, Kill, Throw, DiskFull, InputOutput, Short, Delay };

struct Plan {
    Mode mode = Mode::None;
    int place = -1;  ///< -1: every one
    int first = 1;   ///< the pass at which it happens
    bool forEver = false;
    std::atomic<int> passes = 0;
    std::string log;
};

Plan &plan()
{
    static Plan plan;
    return plan;
}

Mode modeOf(std::string_view word)
{
    constexpr std::pair<std::string_view, Mode> Words[] = {{"kill", Mode::Kill},       {"throw", Mode::Throw},
                                                           {"enospc", Mode::DiskFull}, {"eio", Mode::InputOutput},
                                                           {"short", Mode::Short},     {"delay", Mode::Delay}};
    for (const auto &[name, mode] : Words) {
        if (name == word)
            return mode;
    }
    return Mode::None;
}

/// NAME=MODE[@N][+]
void parse(std::string_view text)
{
    plan().forEver = text.ends_with('+');
    if (plan().forEver)
        text.remove_suffix(1);
    if (const size_t at = text.find('@'); at != std::string_view::npos) {
        plan().first = std::atoi(std::string(text.substr(at + 1)).c_str());
        text = text.substr(0, at);
    }
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos)
        return;
    plan().mode = modeOf(text.substr(equals + 1));
    const auto name = text.substr(0, equals);
    for (size_t i = 0; i < std::size(Failpoints); ++i) {
        if (Failpoints[i] == name)
            plan().place = static_cast<int>(i);
    }
    if (plan().place < 0 && name != "*")
        plan().mode = Mode::None;
}

void writeLog(int index)
{
    if (plan().log.empty())
        return;
    const int file = ::open(plan().log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        return;
    const std::string line = std::string(Failpoints[index]) + '\n';
    static_cast<void>(::write(file, line.data(), line.size()) == 0);
    ::close(file);
}

[[maybe_unused]] const bool ArmedAtStart = (armFailpoints(), true);

}  // namespace

void armFailpoints()
{
    plan().mode = Mode::None;
    plan().place = -1;
    plan().first = 1;
    plan().forEver = false;
    plan().passes = 0;
    const char *log = std::getenv("STILLROOM_FAILPOINT_LOG");
    plan().log = log ? log : "";
    if (const char *text = std::getenv("STILLROOM_FAILPOINT"))
        parse(text);
    detail::failpointsArmed = plan().mode != Mode::None || !plan().log.empty();
}

int failpointError(FailpointName name)
{
    const int code = failpoint(name);
    return code == ShortWrite ? ENOSPC : code;
}

int detail::passFailpoint(int index)
{
    writeLog(index);
    if (plan().mode == Mode::None || (plan().place >= 0 && plan().place != index))
        return 0;
    const int pass = ++plan().passes;
    if (pass < plan().first || (pass > plan().first && !plan().forEver))
        return 0;
    const bool undoable = !Failpoints[index].ends_with(".after");
    switch (plan().mode) {
    case Mode::Kill: ::kill(::getpid(), SIGKILL); std::abort();
    case Mode::Delay: std::this_thread::sleep_for(std::chrono::milliseconds(20)); return 0;
    case Mode::Throw:
        if (undoable)
            throw std::runtime_error("a failpoint");
        return 0;
    case Mode::DiskFull: return undoable ? ENOSPC : 0;
    case Mode::InputOutput: return undoable ? EIO : 0;
    case Mode::Short: return undoable ? ShortWrite : 0;
    case Mode::None: return 0;
    }
    return 0;
}

}  // namespace base
