// SPDX-License-Identifier: Apache-2.0
// Whole copies of a data file, in the folder `backups` beside it.
#pragma once

#include "core/store/database.h"

namespace core {

/// As many are kept; the oldest go.
constexpr size_t KeptBackups = 5;

/// The finished copies in a folder `backups`, oldest first.
[[nodiscard]] std::vector<std::filesystem::path> backupsIn(const std::filesystem::path &folder);

/// Writes `backups/<today, UTC>-<suffix>.sqlite`, synced, whole or not at all; others may write meanwhile. A copy of
/// this name is replaced. Throws StoreError.
void writeBackup(const Database &database, const std::string &suffix);

/// Writes today's copy unless there is one, nothing has changed since the newest, or the service is read-only. Says
/// whether it wrote one. May take seconds.
[[nodiscard]] base::Result<bool> backUpDaily(const Database &database);

}  // namespace core
