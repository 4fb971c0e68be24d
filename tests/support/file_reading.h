// SPDX-License-Identifier: Apache-2.0
// Bytes as a file of rows, and what came of them, as text to compare.
#pragma once

#include "core/formats/row_file.h"
#include "tests/support/support.h"

namespace support {

/// Reads files that are written into a folder of its own.
class FileReading {
protected:
    TempFolder m_folder;

    base::Result<core::RecordFile> readBytes(const std::string &name, const std::string &bytes,
                                             const core::ReadOptions &options = {})
    {
        write(m_folder / name, bytes);
        return core::readRowFile(m_folder / name, options);
    }

    static std::vector<std::string> pairs(const core::RecordFile &file)
    {
        std::vector<std::string> all;
        for (const auto &record : file.records)
            all.push_back(record.fields.value("text", "?") + "|" + record.fields.value("label", "?"));
        return all;
    }

    static std::vector<std::string> texts(const core::RecordFile &file)
    {
        std::vector<std::string> all;
        for (const auto &record : file.records)
            all.push_back(record.fields.value("text", "?"));
        return all;
    }

    /// A line each.
    static std::string join(const std::vector<std::string> &lines)
    {
        std::string all;
        for (const auto &line : lines)
            all += line + "\n";
        return all;
    }
};

}  // namespace support
