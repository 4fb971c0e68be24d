// SPDX-License-Identifier: Apache-2.0
// A file that grows over several processes: what one has written, the next goes on from.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string_view>

namespace base {

/// Open for appending. What a killed process has written is there; a power cut may damage its end, so whoever
/// completes the file checks it as a whole. One process at a time. Closed by the destructor.
class AppendedFile {
public:
    [[nodiscard]] static Result<AppendedFile> open(const std::filesystem::path &path);
    ~AppendedFile();
    AppendedFile(AppendedFile &&other) noexcept;
    AppendedFile &operator=(AppendedFile &&) = delete;

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] int64_t size() const { return m_size; }  ///< bytes
    /// After an error the file holds what was written until then, which size() counts.
    [[nodiscard]] Result<void> append(std::string_view bytes);
    [[nodiscard]] Result<void> clear();

private:
    AppendedFile(std::filesystem::path path, int descriptor, int64_t size)
        : m_path(std::move(path)), m_descriptor(descriptor), m_size(size)
    {
    }

    std::filesystem::path m_path;
    int m_descriptor;
    int64_t m_size;
};

}  // namespace base
