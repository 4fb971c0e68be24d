// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/document_child.h"

#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
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

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) { }
    ~Descriptor() { close(); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    [[nodiscard]] int get() const { return m_fd; }
    void close()
    {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }

private:
    int m_fd;
};

fs::path readerProgram()
{
    if (const char *named = std::getenv("STILLROOM_READER"))
        return named;
    std::error_code code;
    const fs::path here = fs::read_symlink("/proc/self/exe", code).parent_path();
    for (const fs::path &path : {here / "stillroom-reader", here / "../bin/stillroom-reader"}) {
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

Result<pid_t> spawn(const fs::path &program, const std::string &kind, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program.string(), argument = kind;
    const std::array<char *, 3> arguments{name.data(), argument.data(), nullptr};
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, name.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return failure(ErrorCode::Io, "The reader of documents could not be started. Try again when less is running.",
                       "stillroom-reader");
    return pid;
}

Result<Document> parseAnswer(const std::string &answer, const std::string &subject)
{
    const auto json = engine::parseStrictJson(answer);
    if (!json || !json->is_object())
        return failure(ErrorCode::InvalidInput, "This file could not be read: what came of it makes no sense.",
                       subject);
    if (json->contains("error"))
        return failure(json->at("unsupported").get<bool>() ? ErrorCode::Unsupported : ErrorCode::InvalidInput,
                       json->at("error").get<std::string>(), subject);
    Document document;
    for (const auto &block : json->at("blocks"))
        document.push_back({block.at(0).get<std::string>(), block.at(1).get<int>()});
    return document;
}

}  // namespace

Result<Document> readInChild(const fs::path &file, const std::string &kind, const base::WorkContext &context)
{
    const std::string subject = file.string();
    const fs::path program = readerProgram();
    if (program.empty())
        return failure(ErrorCode::NotFound,
                       "The part that reads documents (stillroom-reader) is not beside the program. Build it anew.",
                       subject);
    const Descriptor input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (input.get() < 0)
        return failure(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                       errno == ENOENT ? "There is no such file." : "This file may not be read. Check its permissions.",
                       subject);
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return failure(ErrorCode::Io, "Too many files are open. Close some and try again.", subject);
    const Descriptor from(ends[0]);
    Descriptor to(ends[1]);
    auto pid = spawn(program, kind, input.get(), to.get());
    if (!pid)
        return failure(pid);
    to.close();
    Child child(*pid);
    const auto deadline = Clock::now() + Longest;
    std::string answer;
    std::array<char, 65536> part;
    for (;;) {
        if (context.stopRequested())
            return base::cancelled();
        if (Clock::now() > deadline || answer.size() > MostAnswer)
            return failure(ErrorCode::InvalidInput,
                           "Reading this file took too long, so it was given up. Save it anew, or in parts.", subject);
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
        return failure(ErrorCode::InvalidInput,
                       "Reading this file took too long, so it was given up. Save it anew, or in parts.", subject);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure(ErrorCode::InvalidInput,
                       "This file is damaged, or needs too much memory: its reader gave up. Save it anew.", subject);
    return base::guard(subject, [&] { return parseAnswer(answer, subject); });
}

}  // namespace core
