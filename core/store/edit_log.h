// SPDX-License-Identifier: Apache-2.0
// Every change to rows, classes and settings, as one journaled edit that can be undone, also after a restart.
#pragma once

#include "core/base/progress.h"
#include "core/store/database.h"
#include "core/store/edit_draft.h"

#include <functional>
#include <span>

namespace core {

struct EditInfo {
    int64_t id = 0;
    std::string title;
    std::string createdAt;  ///< UTC, ISO 8601
    bool undone = false;
};

/// An edit of up to a few thousand rows is one transaction. Larger ones are written in slices of 10 to 20 ms, between
/// which others may write: what another edit changes meanwhile stays as that one left it. A process that dies in the
/// midst of it leaves an open edit, or a half undone one; the next one to open the service takes back what had not
/// ended.
class EditLog {
public:
    explicit EditLog(const Database &database) : m_database(database) { }

    /// Whether it has more changes and rows than one transaction should hold others up for.
    [[nodiscard]] static bool isLarge(const EditDraft &draft);

    /// Applies everything as one edit, in one transaction. Undone edits can no longer be redone afterwards. A label's
    /// name that is taken is refused (AlreadyExists).
    [[nodiscard]] base::Result<int64_t> apply(const EditDraft &draft) const;
    [[nodiscard]] base::Result<int64_t> apply(const std::string &title, std::span<const FieldChange> changes) const;
    /// The same in slices, for a draft of any size. Rows that are gone are passed over. When it is stopped, all of it
    /// is taken back.
    [[nodiscard]] base::Result<int64_t> applyInSlices(const EditDraft &draft, const base::WorkContext &context) const;
    /// The same for changes that are not held all at once: `next` gives part after part, an empty one at the end. An
    /// error from it takes all of it back.
    using NextChanges = std::function<base::Result<std::vector<FieldChange>>()>;
    [[nodiscard]] base::Result<int64_t> applyInParts(const std::string &title, const NextChanges &next,
                                                     const std::stop_token &stop) const;
    /// Ids of the rows that an edit added.
    [[nodiscard]] base::Result<std::vector<int64_t>> addedRows(int64_t edit) const;

    /// An edit that adds, changes and removes rows part after part, as long as it is open. Rows that it adds show when
    /// it is closed, the rest at once; `rollBackStale` takes all of it back if the process died before.
    [[nodiscard]] base::Result<int64_t> open(const std::string &title) const;
    /// The id of a label for such rows. A name that is new becomes a label with this edit, and goes with it; with
    /// `declared` a label that is no class becomes one.
    [[nodiscard]] base::Result<int64_t> labelFor(int64_t edit, const std::string &name, bool declared) const;
    /// The ids of several, in the order of `names`, in one transaction: a transaction a label takes milliseconds.
    [[nodiscard]] base::Result<std::vector<int64_t>> labelsFor(int64_t edit, std::span<const std::string> names,
                                                               bool declared) const;
    /// A setting that changes with such an edit.
    [[nodiscard]] base::Result<void> set(int64_t edit, const SettingChange &change) const;
    [[nodiscard]] base::Result<void> add(int64_t edit, std::span<const Example> rows) const;
    /// Changes rows with such an edit, in slices. Labels are given by their ids. Passes over rows that are gone, rows
    /// that this edit itself added, and cells that a later edit has changed.
    [[nodiscard]] base::Result<void> change(int64_t edit, std::span<const FieldChange> changes) const;
    /// Rows that go with such an edit; they are gone at once, and come back if it is abandoned.
    [[nodiscard]] base::Result<void> remove(int64_t edit, std::span<const int64_t> rows) const;
    [[nodiscard]] base::Result<void> close(int64_t edit) const;
    [[nodiscard]] base::Result<void> abandon(int64_t edit) const;

    /// Undoes the newest applied edit, redoes the oldest undone one after it; returns it, or nothing to do.
    [[nodiscard]] base::Result<std::optional<EditInfo>> undo(const base::WorkContext &context = {}) const;
    [[nodiscard]] base::Result<std::optional<EditInfo>> redo(const base::WorkContext &context = {}) const;
    /// Whether that will take long enough to be done in the background.
    [[nodiscard]] base::Result<bool> isUndoLarge() const;
    [[nodiscard]] base::Result<bool> isRedoLarge() const;
    /// Whether rows are being changed by an edit of many that has not ended: some show it already, others do not yet.
    [[nodiscard]] base::Result<bool> isHalfWritten() const;
    /// A draft, titled as the edit, that takes back one among later ones. Refused (Blocked) where a later edit has
    /// changed one of its cells, or a row or class that it added: that one has to go first.
    [[nodiscard]] base::Result<EditDraft> inverse(int64_t edit) const;
    /// Which of the rows were changed or added since an edit, by edits in effect.
    [[nodiscard]] base::Result<std::vector<int64_t>> touchedSince(int64_t edit) const;
    /// Newest first.
    [[nodiscard]] base::Result<std::vector<EditInfo>> history(int limit = 200) const;

    /// Removes what open edits of dead processes left, and takes back what they were undoing or redoing.
    [[nodiscard]] base::Result<void> rollBackStale() const;
    /// Removes edits that can no longer be redone, with their rows. May take seconds.
    [[nodiscard]] base::Result<void> forgetDropped() const;

private:
    const Database &m_database;
};

}  // namespace core
