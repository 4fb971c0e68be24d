// SPDX-License-Identifier: Apache-2.0
// Files of rows into a service.
#pragma once

#include "core/base/progress.h"
#include "core/formats/row_file.h"
#include "core/service/service.h"

namespace core {

struct ImportOptions {
    Split split = Split::Train;
    std::string textColumn;  ///< empty: detected
    std::string labelColumn;
    bool skipDuplicates = true;  ///< rows equal in text, label and split to one that is there already
    /// Rows of this split that came from a file of the same name go when the file has been read: one edit with what
    /// comes, and undo brings them back.
    bool replaceSource = false;
    bool declareClasses = false;  ///< labels that are new become classes; always so while no class is declared
    ReadOptions read{};           ///< without a tokenizer, that of the default base weights chunks documents
};

struct RejectedRow {
    std::string file;  ///< name without folders
    int64_t row = 0;   ///< 0: the whole file
    std::string reason;
};

struct ImportSummary {
    int64_t imported = 0;
    int64_t duplicates = 0;
    int64_t replaced = 0;           ///< rows that went, see ImportOptions::replaceSource
    bool becameMultiLabel = false;  ///< rows with several labels were the first ones with labels
    std::vector<RejectedRow> rejected;
};

/// The records of a file as an import reads them; for a preview.
[[nodiscard]] base::Result<RecordFile> readImportFile(const std::filesystem::path &file, ReadOptions options,
                                                      const base::WorkContext &context);

/// The files in their order, folders replaced by the files of rows below them, by name.
[[nodiscard]] base::Result<std::vector<std::filesystem::path>>
rowFilesIn(const std::vector<std::filesystem::path> &places);

/// Imports the files as one edit that undo takes back. All or nothing: an error leaves the service as it was;
/// rows that cannot be read are left out and reported, and so is, among several, a file that is there
/// and cannot be read. Into a service without labelled rows, rows with several labels make it take several a row.
[[nodiscard]] base::Result<ImportSummary> importFiles(const Service &service,
                                                      const std::vector<std::filesystem::path> &files,
                                                      const ImportOptions &options, const base::WorkContext &context);

}  // namespace core
