// SPDX-License-Identifier: Apache-2.0
#include "core/base/write_bytes.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"

#include <cerrno>
#include <unistd.h>

namespace base {

Result<void> writeBytes(int descriptor, std::string_view bytes, const std::filesystem::path &path, int64_t &written)
{
    const int failing = failpoint("file.write");
    if (failing == ShortWrite)
        bytes = bytes.substr(0, bytes.size() / 2);
    else if (failing != 0)
        return Failure(systemError(failing, path));
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return Failure(systemError(errno, path));
        written += count;
        bytes.remove_prefix(static_cast<size_t>(count));
    }
    if (failing == ShortWrite)
        return Failure(systemError(ENOSPC, path));
    return {};
}

}  // namespace base
