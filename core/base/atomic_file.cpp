// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace base {

namespace {

fs::path temporaryName(const fs::path &target)
{
    fs::path path = target;
    path += ".part-" + std::to_string(::getpid());
    return path;
}

Result<void> syncPath(const fs::path &path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return Failure(systemError(errno, path));
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    // Some file systems refuse fsync on folders; the rename is still ordered there.
    if (code != 0 && code != EINVAL)
        return Failure(systemError(code, path));
    return {};
}

Result<void> syncParent(const fs::path &path)
{
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    return syncPath(parent, O_RDONLY | O_DIRECTORY);
}

Result<void> renameTo(const fs::path &from, const fs::path &to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        return Failure(systemError(errno, to));
    return syncParent(to);
}

Result<void> syncTree(const fs::path &folder)
{
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        if (auto synced = syncPath(entry.path(), entry.is_directory() ? O_RDONLY | O_DIRECTORY : O_RDONLY); !synced)
            return synced;
    }
    return syncPath(folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace

Error systemError(int errorNumber, const fs::path &path)
{
    switch (errorNumber) {
    case ENOENT: return {ErrorCode::NotFound, "There is no such file or folder. Check the path.", path.string()};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::ReadOnly,
                "This may not be written or read here. Change its permissions or choose another place.", path.string()};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return {ErrorCode::DiskFull,
                "The disk is full, so this was not written; what was there before is unchanged. "
                "Free some space and try again.",
                path.string()};
    case EISDIR: return {ErrorCode::InvalidInput, "This is a folder, a file is needed.", path.string()};
    case ENOTDIR: return {ErrorCode::InvalidInput, "This is a file where a folder is needed.", path.string()};
    default:
        return {ErrorCode::Io,
                std::string("Reading or writing stopped with: ") + std::strerror(errorNumber) +
                    ". Check the disk and try again.",
                path.string()};
    }
}

AtomicFile::AtomicFile(fs::path target) : m_target(std::move(target)), m_temporary(temporaryName(m_target)) { }

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        ::unlink(m_temporary.c_str());
    }
}

Result<void> AtomicFile::open()
{
    m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (m_descriptor < 0)
        return Failure(systemError(errno, m_target));
    return {};
}

Result<void> AtomicFile::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return Failure(systemError(errno, m_target));
        }
        bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_descriptor) != 0)
        return Failure(systemError(errno, m_target));
    const int closed = ::close(m_descriptor);
    m_descriptor = -1;
    if (closed != 0) {
        const int code = errno;
        ::unlink(m_temporary.c_str());
        return Failure(systemError(code, m_target));
    }
    auto renamed = renameTo(m_temporary, m_target);
    if (!renamed)
        ::unlink(m_temporary.c_str());
    return renamed;
}

Result<void> replaceFile(const fs::path &from, const fs::path &to)
{
    auto synced = syncPath(from, O_RDONLY);
    return synced ? renameTo(from, to) : synced;
}

Result<void> writeFile(const fs::path &target, std::string_view bytes)
{
    AtomicFile file(target);
    if (auto opened = file.open(); !opened)
        return opened;
    if (auto written = file.write(bytes); !written)
        return written;
    return file.commit();
}

Result<std::string> readFile(const fs::path &path, uint64_t limit)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return Failure(systemError(errno, path));
    std::string bytes;
    Result<std::string> result;
    struct stat status = {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        bytes.reserve(static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(status.st_size), limit)));
    char buffer[1 << 16];
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            result = Failure(systemError(errno, path));
        if (count <= 0)
            break;
        bytes.append(buffer, static_cast<size_t>(count));
        if (bytes.size() > limit) {
            result = failure(ErrorCode::Unsupported,
                             "The file is larger than the " + std::to_string(limit >> 20) +
                                 " MiB that are read here. Split it.",
                             path.string());
            break;
        }
    }
    ::close(descriptor);
    if (result)
        result = std::move(bytes);
    return result;
}

Result<void> writeFolder(const fs::path &target, bool replace,
                         const std::function<Result<void>(const fs::path &)> &fill)
{
    std::error_code code;
    if (!replace && fs::exists(target, code))
        return failure(ErrorCode::AlreadyExists, "There is something at this place already. Choose another name.",
                       target.string());
    const fs::path temporary = temporaryName(target);
    fs::remove_all(temporary, code);
    if (!fs::create_directories(temporary, code))
        return Failure(systemError(code ? code.value() : EIO, target));
    auto result = fill(temporary);
    try {
        if (result)
            result = syncTree(temporary);
    } catch (const fs::filesystem_error &e) {
        result = Failure(systemError(e.code().value(), target));
    }
    if (result && fs::exists(target, code)) {
        fs::path old = target;
        old += ".old-" + std::to_string(::getpid());
        if (result = renameTo(target, old); result) {
            result = renameTo(temporary, target);
            if (!result)
                ::rename(old.c_str(), target.c_str());
            else
                fs::remove_all(old, code);
        }
    } else if (result) {
        result = renameTo(temporary, target);
    }
    if (!result)
        fs::remove_all(temporary, code);
    return result;
}

}  // namespace base
