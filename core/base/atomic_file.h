// SPDX-License-Identifier: Apache-2.0
// Files and folders that are either whole or not there.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <functional>
#include <string_view>

namespace base {

/// The error of the failed system call (errno) on `path`, in words.
[[nodiscard]] Error systemError(int errorNumber, const std::filesystem::path &path);

/// Writes a file by temp + fsync + rename + fsync of the folder. After an error the target is as it was.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;

    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> write(std::string_view bytes);
    /// Makes the target appear. Without it the destructor removes what was written.
    [[nodiscard]] Result<void> commit();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_descriptor = -1;
};

[[nodiscard]] Result<void> writeFile(const std::filesystem::path &target, std::string_view bytes);

/// Puts a finished file in the place of another, synced, at once or not at all.
[[nodiscard]] Result<void> replaceFile(const std::filesystem::path &from, const std::filesystem::path &to);

/// Lets `fill` write a new file under a temporary name beside `target`, syncs it and puts it in its place.
[[nodiscard]] Result<void> fillFile(const std::filesystem::path &target,
                                    const std::function<Result<void>(const std::filesystem::path &temporary)> &fill);

/// Reads a whole file; refuses folders and files above `limit` bytes.
[[nodiscard]] Result<std::string> readFile(const std::filesystem::path &path, uint64_t limit = uint64_t{1} << 31);

/// Removes what processes that died while they wrote files or folders here by these functions have left.
/// Each of them does so before it writes.
void removeLeftOvers(const std::filesystem::path &folder);

/// Lets `fill` write into a new folder beside `target`, syncs everything in it and renames it to `target`.
/// With `replace` an existing target is exchanged; without it an existing target is an AlreadyExists error.
[[nodiscard]] Result<void> writeFolder(const std::filesystem::path &target, bool replace,
                                       const std::function<Result<void>(const std::filesystem::path &)> &fill);

}  // namespace base
