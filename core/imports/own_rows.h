// SPDX-License-Identifier: Apache-2.0
// Rows that an export of ours wrote, when they come back.
#pragma once

#include "core/store/edit_draft.h"
#include "core/imports/import_plan.h"
#include "core/rows/label_names.h"

namespace core {

struct OwnRows {
    std::vector<bool> areOurs;  ///< of the planned rows, those that are in the service under their id
    int64_t updated = 0;
    int64_t equal = 0;
    EditDraft draft;                 ///< its changes
    std::vector<RowUpdate> updates;  ///< the first thousand, for people
};

/// Compares the planned rows with those of the service. A file of another service may have the same ids: its rows
/// count as ours only where at least half of those whose id is known have the text, or the labels and the source, that the service has.
/// `labels`: of each planned row.
[[nodiscard]] base::Result<OwnRows> changesOfOwnRows(const Service &service, const LabelNames &names,
                                                     const std::vector<PlannedRow> &rows,
                                                     const std::vector<LabelSet> &labels);

}  // namespace core
