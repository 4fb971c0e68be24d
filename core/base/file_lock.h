// SPDX-License-Identifier: Apache-2.0
// A short lock among processes and threads: for reading a small file, changing it and writing it.
#pragma once

#include "core/base/descriptor.h"
#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <memory>

namespace base {

/// Held as long as it lives; given up when the process ends, however it ends.
class FileLock {
public:
    /// Locks `file` with ".lock" behind its name, which is made where it is missing. Waits for others for `longest`,
    /// then Busy.
    [[nodiscard]] static Result<FileLock> take(const std::filesystem::path &file,
                                               std::chrono::milliseconds longest = std::chrono::seconds(5));

private:
    explicit FileLock(std::unique_ptr<Descriptor> descriptor) : m_descriptor(std::move(descriptor)) { }
    std::unique_ptr<Descriptor> m_descriptor;
};

}  // namespace base
