// SPDX-License-Identifier: Apache-2.0
// Findings and rejected rows, for people and as JSON.
#pragma once

#include "app/cli/console.h"
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/rows/label_names.h"

namespace cli {

/// Where labels are doubted, `suggested` has those that seem to fit each row better; where a finding is about classes,
/// `classes` has their names, of one name in several spellings first the one that stays.
[[nodiscard]] nlohmann::ordered_json findingsJson(const std::vector<core::Finding> &findings,
                                                  const core::LabelNames &names);
[[nodiscard]] nlohmann::ordered_json rejectedJson(const std::vector<core::RejectedRow> &rejected);
void sayFindings(Console &console, const std::vector<core::Finding> &findings);
void sayRejected(Console &console, const std::vector<core::RejectedRow> &rejected);
[[nodiscard]] bool blocks(const std::vector<core::Finding> &findings);

}  // namespace cli
