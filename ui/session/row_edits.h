// SPDX-License-Identifier: Apache-2.0
// What people do to rows, as edits with a title they understand.
#pragma once

#include "ui/session/session.h"

#include <span>

namespace ui {

/// Gives rows a label by name; a new name becomes a class, an empty one takes the label away.
[[nodiscard]] core::EditDraft labelDraft(const Session &session, std::span<const int64_t> rows, const QString &name);

/// Moves rows to another split.
[[nodiscard]] core::EditDraft moveDraft(std::span<const int64_t> rows, core::Split split);

/// Takes rows away; undo brings them back.
[[nodiscard]] core::EditDraft removeDraft(std::span<const int64_t> rows);

/// A block copied from a spreadsheet as new rows: the first column is the text, the second, if any, the label.
[[nodiscard]] core::EditDraft pasteDraft(const Session &session, const QString &block, core::Split split);

}  // namespace ui
