// SPDX-License-Identifier: Apache-2.0
// A new service from what can still be read of a damaged one.
#pragma once

#include "core/base/progress.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace core {

struct SalvageReport {
    int64_t pages = 0;         ///< of the data file
    int64_t damagedPages = 0;  ///< on which not everything could be read
    int64_t rows = 0;          ///< in the new service
    int64_t rowsFromBackups = 0;
    std::array<int64_t, 3> lostRows = {};  ///< by Split; as far as an index still knows them
    int64_t unusedNumbers = 0;             ///< of rows that are lost, too, or were forgotten before
    int64_t mendedTexts = 0;               ///< had bytes that are no text; U+FFFD stands in their place
    int64_t classes = 0;
    int64_t namelessClasses = 0;  ///< rows had them, but their names are lost
    int64_t runs = 0;
    std::vector<std::string> unreadableRuns;   ///< of a newer program; taken along as they are
    std::vector<std::string> lostCheckpoints;  ///< RUN/EPOCH whose files are not whole
    bool logLeftOut = false;                   ///< the file of newest changes belongs to another state of the data
    bool descriptionLost = false;
    bool answersLost = false;  ///< of teachers

    /// The same in sentences.
    [[nodiscard]] std::vector<std::string> lines() const;
};

/// Reads `damaged` page by page, then its backups for what is lost, and makes a service at `target` (which must be new)
/// with the rows, classes, settings, runs, checkpoints and teachers' answers, and the report in salvage-report.txt. The
/// history of edits is not carried over. Only reads `damaged`; leaves nothing at `target` when it fails or is stopped.
/// Corrupt when not one row or class could be read.
[[nodiscard]] base::Result<SalvageReport>
salvage(const std::filesystem::path &damaged, const std::filesystem::path &target, const base::WorkContext &context);

}  // namespace core
