// SPDX-License-Identifier: Apache-2.0
#include "core/base/appended_file.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/base/write_bytes.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace base {

Result<AppendedFile> AppendedFile::open(const std::filesystem::path &path)
{
    if (const int code = failpointError("file.open"))
        return Failure(systemError(code, path));
    // A link that somebody else put here must not lead the bytes elsewhere.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return Failure(systemError(errno, path));
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) {
        const int code = errno;
        ::close(descriptor);
        return Failure(systemError(code, path));
    }
    return AppendedFile(path, descriptor, status.st_size);
}

AppendedFile::~AppendedFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

AppendedFile::AppendedFile(AppendedFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size)
{
}

Result<void> AppendedFile::append(std::string_view bytes)
{
    return writeBytes(m_descriptor, bytes, m_path, m_size);
}

Result<void> AppendedFile::clear()
{
    if (::ftruncate(m_descriptor, 0) != 0)
        return Failure(systemError(errno, m_path));
    m_size = 0;
    return {};
}

}  // namespace base
