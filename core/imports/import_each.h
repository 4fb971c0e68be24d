// SPDX-License-Identifier: Apache-2.0
// Several files into a service, each in its own way.
#pragma once

#include "core/imports/import_task.h"

namespace core {

/// A file of rows, and how it is read.
struct FileToImport {
    std::filesystem::path path;
    ImportOptions options;
    std::optional<ImportFile> found{};     ///< where it was found in a folder: its name and label there
    std::vector<PassedOver> passedOver{};  ///< files beside it that were not read; they come into the summary
};

/// Imports the files in their order, an edit each. The first one that cannot be read ends it; what was imported before
/// stays.
[[nodiscard]] base::Result<ImportSummary> importEach(const Service &service, const std::vector<FileToImport> &files,
                                                     const base::WorkContext &context);

}  // namespace core
