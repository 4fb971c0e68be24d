// SPDX-License-Identifier: Apache-2.0
// What only one process may do with a folder at a time.
#pragma once

#include "core/base/error.h"

#include <filesystem>

namespace core {

/// A lock file in the folder; given up when the process ends, however it ends.
class FolderLock {
public:
    /// One run works on a service: it owns the machine.
    [[nodiscard]] static base::Result<FolderLock> forRun(const std::filesystem::path &service);
    /// One window edits a service; the command line may always write.
    [[nodiscard]] static base::Result<FolderLock> forWindow(const std::filesystem::path &service);

    /// One process fetches the same weights.
    [[nodiscard]] static base::Result<FolderLock> forDownload(const std::filesystem::path &folder);

    ~FolderLock();
    FolderLock(FolderLock &&other) noexcept;
    FolderLock &operator=(FolderLock &&) = delete;

private:
    explicit FolderLock(int descriptor) : m_descriptor(descriptor) { }
    [[nodiscard]] static base::Result<FolderLock> take(const std::filesystem::path &folder, const char *name,
                                                       const char *busy);
    int m_descriptor;
};

}  // namespace core
