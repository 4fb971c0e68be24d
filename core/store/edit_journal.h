// SPDX-License-Identifier: Apache-2.0
// The states of an edit, and how its journal is written back. Throws StoreError.
#pragma once

#include "core/store/database.h"

#include <functional>

namespace core {

/// As in the table `edit`. Undoing, Redoing and Closing belong to edits of many rows, which change in slices; a process
/// that dies meanwhile leaves them so, and the next that opens the service takes back what had not ended: the edit is
/// what it was. Closing is the end of an open edit, when its rows begin to show.
enum EditState : int64_t { Open = 0, Applied = 1, Undone = 2, Undoing = 3, Redoing = 4, Dropped = 5, Closing = 6 };
/// As in the table `example`.
enum RowState : int64_t { Shown = 0, Removed = 1, Pending = 2 };

class EditJournal {
public:
    enum class Side { Old, New };
    /// Called between slices with how many rows are done; false: turn round.
    using Between = std::function<bool(int64_t done)>;

    /// Rows of a slice: 10 to 20 ms, so that nobody waits for it to be felt.
    static constexpr int64_t SliceRows = 2000;

    /// Between two slices: long enough for another process that waits for its turn to find it.
    static void letOthersWrite();

    EditJournal(const Database &database, int64_t edit) : m_database(database), m_edit(edit) { }

    /// A new edit of this state, by this process.
    [[nodiscard]] static EditJournal begin(const Database &database, const std::string &title, EditState state);
    /// What was undone before a new edit cannot be done again; `forget` removes it.
    static void dropUndone(const Database &database);

    [[nodiscard]] int64_t edit() const { return m_edit; }
    /// Whether it changes or adds more rows than a slice.
    [[nodiscard]] bool isLarge() const;
    [[nodiscard]] EditState state() const;
    void setState(EditState state) const;
    /// The same in a transaction of its own, unless the state is no longer `from`. Whether it was.
    bool move(EditState from, EditState to) const;
    /// Undoing becomes undone, Redoing and Closing applied, in slices, each in a transaction; may be begun again after
    /// a crash. A cell that a later edit changed keeps that edit's value, and its journal learns the one below. False:
    /// it was turned round, and the edit is what it was.
    bool complete(const Between &between) const;
    /// The same inside one transaction of the caller, for an edit that is not large.
    void completeAtOnce() const;
    /// What is half undone becomes applied again, what is half redone undone. Does nothing unless the state is
    /// `begun`: another process may have been quicker.
    void turnRound(EditState begun) const;
    /// Takes back what an open or closing edit has done, as if it had never been.
    void abandon() const;
    /// Removes a dropped edit with the rows it added.
    void forget() const;

private:
    /// The last row of a slice that begins behind `after`, or nothing.
    [[nodiscard]] std::optional<int64_t> sliceOf(const char *sql, int64_t after) const;
    bool inSlices(const char *rows, const Between &between,
                  const std::function<void(int64_t first, int64_t last)> &slice) const;
    void writeChanges(Side side, int64_t first, int64_t last, const std::string &inEffect) const;
    void showAdded(bool shown, int64_t first, int64_t last) const;
    void writeLabels(Side side) const;
    [[nodiscard]] bool isContested(const std::string &inEffect) const;

    const Database &m_database;
    int64_t m_edit;
};

}  // namespace core
