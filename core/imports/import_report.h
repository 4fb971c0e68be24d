// SPDX-License-Identifier: Apache-2.0
// What an import left out, as a table for people.
#pragma once

#include "core/imports/import_task.h"

namespace core {

/// CSV for spreadsheets: file, row (empty: the whole file), reason. Texts of rows are not in it.
[[nodiscard]] base::Result<void> writeImportReport(const std::vector<RejectedRow> &rejected,
                                                   const std::vector<PassedOver> &passedOver,
                                                   const std::filesystem::path &to);

}  // namespace core
