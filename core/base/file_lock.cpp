// SPDX-License-Identifier: Apache-2.0
#include "core/base/file_lock.h"

#include "core/base/atomic_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace base {

namespace {

constexpr std::chrono::milliseconds BetweenTries{5};

}  // namespace

Result<FileLock> FileLock::take(const std::filesystem::path &file, std::chrono::milliseconds longest)
{
    auto path = file;
    path += ".lock";
    auto descriptor = std::make_unique<Descriptor>(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (descriptor->get() < 0)
        return Failure(systemError(errno, file));
    const auto end = std::chrono::steady_clock::now() + longest;
    while (::flock(descriptor->get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR && errno != EWOULDBLOCK)
            break;  // a file system without locks: what there is then is the whole file, at once
        if (std::chrono::steady_clock::now() > end)
            return failure(ErrorCode::Busy, "Another program is writing this file. Try again in a moment.",
                           file.string());
        std::this_thread::sleep_for(BetweenTries);
    }
    return FileLock(std::move(descriptor));
}

}  // namespace base
