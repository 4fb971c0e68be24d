// SPDX-License-Identifier: Apache-2.0
// A zip file of files of rows.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>
#include <vector>

namespace core {

/// An entry of a zip file that is not read.
struct ZipLeftOut {
    std::string entry;
    std::string reason;  ///< a sentence
};

struct ZipContents {
    std::vector<std::string> entries;  ///< that can be read as rows, sorted
    std::vector<ZipLeftOut> leftOut;
};

/// What is in a zip file. Zip files in it are left out.
[[nodiscard]] base::Result<ZipContents> zipContents(const std::filesystem::path &path);

/// The entries that can be read as rows, see ReadOptions::entry.
[[nodiscard]] base::Result<std::vector<std::string>> zipEntries(const std::filesystem::path &path);

/// The same of a file's bytes.
[[nodiscard]] base::Result<ZipContents> zipContentsOf(std::string bytes, const std::string &subject);

/// The content of an entry.
[[nodiscard]] base::Result<std::string> readZipEntry(std::string bytes, const std::string &entry,
                                                     const std::string &subject);

}  // namespace core
