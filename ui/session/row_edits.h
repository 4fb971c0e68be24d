// SPDX-License-Identifier: Apache-2.0
// What people do to rows, as edits with a title they understand.
#pragma once

#include "ui/session/clipboard_table.h"
#include "ui/session/session.h"

#include <span>

namespace ui {

/// Gives rows a label by name; a new name becomes a class, an empty one takes the label away. Where a row may have
/// several, "a; b" are two and "[]" is none of them.
[[nodiscard]] core::EditDraft labelDraft(const Session &session, std::span<const int64_t> rows, const QString &name);

/// Where a row may have several labels: gives this one to all of the rows, or takes it away if all have it.
[[nodiscard]] core::EditDraft toggleDraft(const std::vector<core::Example> &rows, const core::Label &label);

/// Moves rows to another split.
[[nodiscard]] core::EditDraft moveDraft(std::span<const int64_t> rows, core::Split split);

/// Takes rows away; undo brings them back.
[[nodiscard]] core::EditDraft removeDraft(std::span<const int64_t> rows);

/// A block of cells as new rows.
[[nodiscard]] core::EditDraft pasteDraft(const Session &session, const CellTable &cells, const PasteColumns &columns,
                                         core::Split split);

/// Copies of rows, behind all others. They know the row that they come from.
[[nodiscard]] core::EditDraft duplicateDraft(const std::vector<core::Example> &rows);

/// The same text, or comment, for all; empty takes it away.
[[nodiscard]] core::EditDraft fillDraft(std::span<const int64_t> rows, core::FieldChange::Field field,
                                        const QString &text);

/// Gives each row the labels suggested for it; rows without a label leave the unlabelled ones for train.
using SuggestedLabels = std::vector<std::pair<int64_t, core::LabelSet>>;  ///< by row
[[nodiscard]] core::EditDraft acceptDraft(const SuggestedLabels &suggested, bool toTrain);

/// Mail addresses, telephone, card and account numbers replaced by what they were.
[[nodiscard]] base::Result<core::EditDraft> maskDraft(const Session &session, const std::vector<int64_t> &rows);

}  // namespace ui
