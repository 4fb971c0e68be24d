// SPDX-License-Identifier: Apache-2.0
#include "core/service/folder_lock.h"

#include "core/base/atomic_file.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

using base::Result;

namespace core {

namespace {

constexpr int MostTries = 10;
constexpr std::chrono::milliseconds BetweenTries{10};

}  // namespace

Result<FolderLock> FolderLock::forRun(const std::filesystem::path &service)
{
    return take(service, "engine.lock", "Another run is working on this service. Wait until it has ended, or stop it.");
}

Result<FolderLock> FolderLock::forWindow(const std::filesystem::path &service)
{
    return take(service, "window.lock", "Another window has this service open. Close it to change anything here.");
}

Result<FolderLock> FolderLock::forDownload(const std::filesystem::path &folder)
{
    return take(folder, "download.lock", "Another program is fetching these weights. Wait until it has ended.");
}

Result<FolderLock> FolderLock::take(const std::filesystem::path &folder, const char *name, const char *busy)
{
    const std::filesystem::path path = folder / name;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return base::Failure(base::systemError(errno, folder));
    int tries = 1;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        // Who only settles dead runs holds it for some milliseconds.
        if (errno == EINTR || (errno == EWOULDBLOCK && tries++ < MostTries)) {
            std::this_thread::sleep_for(BetweenTries);
            continue;
        }
        ::close(descriptor);
        return base::failure(base::ErrorCode::Busy, busy, folder.string());
    }
    return FolderLock(descriptor);
}

FolderLock::~FolderLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

FolderLock::FolderLock(FolderLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) { }

}  // namespace core
