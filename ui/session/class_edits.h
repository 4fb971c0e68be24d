// SPDX-License-Identifier: Apache-2.0
// What people do to classes, as edits with a title they understand.
#pragma once

#include "ui/session/session.h"

namespace ui {

[[nodiscard]] core::EditDraft addClassDraft(const QString &name);
[[nodiscard]] core::EditDraft renameDraft(const core::Label &label, const QString &name);
[[nodiscard]] core::EditDraft describeDraft(const core::Label &label, const QString &description);
[[nodiscard]] core::EditDraft recolourDraft(const core::Label &label, int64_t colour);
/// Puts a class `by` places later (or earlier, negative) in the list.
[[nodiscard]] core::EditDraft reorderDraft(const std::vector<core::Label> &labels, int64_t id, int by);

/// What becomes of the rows of a class that is deleted.
enum class RowsOfDeleted { Unlabelled, OtherClass, Delete };
[[nodiscard]] base::Result<core::EditDraft> deleteClassDraft(const Session &session, const core::Label &label,
                                                             RowsOfDeleted rows, int64_t other = 0);

/// Texts that belong to a class, or that only look so: one a line.
enum class ExamplesOf { Belongs, Resembles };
[[nodiscard]] QString examplesText(const core::Label &label, ExamplesOf which);
[[nodiscard]] core::EditDraft examplesDraft(const core::Label &label, ExamplesOf which, const QString &lines);

/// All rows and examples of `others` go to `into`; the others are no classes any more.
[[nodiscard]] base::Result<core::EditDraft> mergeDraft(const Session &session, const core::Label &into,
                                                       const std::vector<core::Label> &others);

/// The class's rows whose text contains something, with ASCII capitals ignored.
[[nodiscard]] base::Result<std::vector<int64_t>> rowsToSplitOff(const Session &session, const core::Label &label,
                                                                const QString &contains);
/// A new class of these rows.
[[nodiscard]] base::Result<core::EditDraft> splitDraft(const Session &session, const core::Label &label,
                                                       const QString &name, const std::vector<int64_t> &rows);

/// Whether a row may have any number of labels. Refused (Blocked) where rows do not fit: their number is said.
[[nodiscard]] base::Result<core::EditDraft> taskTypeDraft(const Session &session, bool multiLabel);

/// Whether `label` stands for what fits no other class; of several classes the last one marked does.
[[nodiscard]] core::EditDraft rejectDraft(const core::Label &label, bool isReject);

[[nodiscard]] core::EditDraft taskDraft(const QString &task);

}  // namespace ui
