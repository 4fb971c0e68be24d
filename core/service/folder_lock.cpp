// SPDX-License-Identifier: Apache-2.0
#include "core/service/folder_lock.h"

#include "core/base/atomic_file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

using base::Result;

namespace core {

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
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
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
