// SPDX-License-Identifier: Apache-2.0
#include "core/confined/confined_child.h"

#include "core/base/descriptor.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

extern char **environ;  // NOLINT(readability-redundant-declaration)

namespace core {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds Longest{40};  ///< the child limits its own CPU time to less
constexpr int PollMs = 50;
constexpr size_t MostAnswer = 512 << 20;

fs::path findProgram(const ConfinedProgram &program)
{
    if (const char *named = std::getenv(program.variable))
        return named;
    std::error_code code;
    const fs::path here = fs::read_symlink("/proc/self/exe", code).parent_path();
    for (const fs::path &path : {here / program.name, here / "../bin" / program.name}) {
        if (fs::exists(path, code))
            return path;
    }
    return {};
}

/// A process that is killed when nobody waits for it any more.
class Child {
public:
    explicit Child(pid_t pid) : m_pid(pid) { }
    ~Child()
    {
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            static_cast<void>(wait());
        }
    }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    /// How it ended, as waitpid says it.
    int wait()
    {
        int status = 0;
        while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
        }
        m_pid = 0;
        return status;
    }

private:
    pid_t m_pid;
};

/// 0: it could not be started.
pid_t spawn(const fs::path &program, const std::string &argument, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program.string(), given = argument;
    const std::array<char *, 3> arguments{name.data(), given.data(), nullptr};
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, name.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? pid : 0;
}

}  // namespace

Result<std::string> runConfined(const ConfinedProgram &program, const std::string &argument, int input,
                                const std::string &subject, const base::WorkContext &context)
{
    const fs::path place = findProgram(program);
    if (place.empty())
        return failure(ErrorCode::NotFound,
                       std::string(program.what) + " (" + program.name + ") is not beside the program. Build it anew.",
                       subject);
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return failure(ErrorCode::Io, "Too many files are open. Close some and try again.", subject);
    const base::Descriptor from(ends[0]);
    base::Descriptor to(ends[1]);
    const pid_t pid = spawn(place, argument, input, to.get());
    if (pid == 0)
        return failure(ErrorCode::Io,
                       std::string(program.what) + " could not be started. Try again when less is running.", subject);
    to.close();
    Child child(pid);
    const auto deadline = Clock::now() + Longest;
    std::string answer;
    std::array<char, 65536> part;
    for (;;) {
        if (context.stopRequested())
            return base::cancelled();
        if (Clock::now() > deadline || answer.size() > MostAnswer)
            return failure(ErrorCode::InvalidInput, program.tookTooLong, subject);
        pollfd waiting{from.get(), POLLIN, 0};
        if (::poll(&waiting, 1, PollMs) <= 0)
            continue;
        const ssize_t size = ::read(from.get(), part.data(), part.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            break;
        answer.append(part.data(), static_cast<size_t>(size));
    }
    const int status = child.wait();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return failure(ErrorCode::InvalidInput, program.tookTooLong, subject);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure(ErrorCode::InvalidInput, program.gaveUp, subject);
    return answer;
}

}  // namespace core
