// SPDX-License-Identifier: Apache-2.0
// What people do to rows, as edits with a title they understand.
#pragma once

#include "ui/session/clipboard_table.h"
#include "ui/session/session.h"

#include <span>

namespace ui {

/// Gives rows a label by name; a new name becomes a class, an empty one takes the label away.
[[nodiscard]] core::EditDraft labelDraft(const Session &session, std::span<const int64_t> rows, const QString &name);

/// Moves rows to another split.
[[nodiscard]] core::EditDraft moveDraft(std::span<const int64_t> rows, core::Split split);

/// Takes rows away; undo brings them back.
[[nodiscard]] core::EditDraft removeDraft(std::span<const int64_t> rows);

/// A block of cells as new rows.
[[nodiscard]] core::EditDraft pasteDraft(const Session &session, const CellTable &cells, const PasteColumns &columns,
                                         core::Split split);

/// Copies of rows, behind all others.
[[nodiscard]] core::EditDraft duplicateDraft(const std::vector<core::Example> &rows);

/// The same text, or comment, for all; empty takes it away.
[[nodiscard]] core::EditDraft fillDraft(std::span<const int64_t> rows, core::FieldChange::Field field,
                                        const QString &text);

/// Gives each row the label suggested for it; rows without a label leave the unlabelled ones for train. `suggested`:
/// pairs of row and label.
[[nodiscard]] core::EditDraft acceptDraft(const std::vector<std::pair<int64_t, int64_t>> &suggested, bool toTrain);

/// Mail addresses, telephone, card and account numbers replaced by what they were.
[[nodiscard]] base::Result<core::EditDraft> maskDraft(const Session &session, const std::vector<int64_t> &rows);

}  // namespace ui
