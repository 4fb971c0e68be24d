// SPDX-License-Identifier: Apache-2.0
// A file whose kind is not known yet, or the content of one that was packed.
#pragma once

#include "core/base/error.h"
#include "core/formats/file_kind.h"

namespace core {

class FileSource {
public:
    /// A file on disk; only as much of it is read as is needed.
    explicit FileSource(std::filesystem::path path) : m_name(std::move(path)) { }
    /// What was packed in a file under this name. Errors are about `subject`.
    FileSource(std::filesystem::path name, std::string bytes, std::string subject);

    /// Which reader it needs, by its content where that is clear and by its ending else. An error when no reader
    /// knows it. `takesMails`: a text that begins as a mail does is one.
    [[nodiscard]] base::Result<FileKind> kind(bool takesMails);

    /// The whole content, up to 256 MB of files that are no text; it is gone from here then.
    [[nodiscard]] base::Result<std::string> take(uint64_t limit = 256 << 20);

    /// A descriptor to read the content from its beginning; the caller closes it.
    [[nodiscard]] base::Result<int> open() const;

    [[nodiscard]] const std::filesystem::path &name() const { return m_name; }
    [[nodiscard]] std::string subject() const { return m_isPacked ? m_subject : m_name.string(); }
    [[nodiscard]] bool isPacked() const { return m_isPacked; }
    /// What people should know where the ending says something else than the content; else empty.
    [[nodiscard]] const std::string &note() const { return m_note; }

private:
    [[nodiscard]] base::Result<FileLook> lookInside(FileLook look);

    std::filesystem::path m_name;
    std::string m_bytes;
    bool m_hasBytes = false, m_isPacked = false;
    std::string m_subject, m_note;
};

/// Which kind counts, where the name says one and the content another.
[[nodiscard]] FileLook decidedLook(const std::filesystem::path &name, std::string_view head, FileLook content,
                                   bool takesMails);

/// The name of what is in a gzip file: without ".gz".
[[nodiscard]] std::filesystem::path unpackedName(const std::filesystem::path &path);

}  // namespace core
