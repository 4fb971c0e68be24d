// SPDX-License-Identifier: Apache-2.0
// Every change to rows, as one journaled edit that can be undone, also after a restart.
#pragma once

#include "core/store/database.h"
#include "core/store/example.h"

#include <vector>

namespace core {

struct EditInfo {
    int64_t id = 0;
    std::string title;
    std::string createdAt;  ///< UTC, ISO 8601
    bool undone = false;
};

/// A change of one field of one row; the old value is read when it is applied.
struct FieldChange {
    int64_t example = 0;
    enum class Field { Text, Label, Split, Removed } field = Field::Label;
    std::string text;               ///< Field::Text
    std::optional<int64_t> number;  ///< label id or nothing, split, or 0/1 for Removed
};

class EditLog {
public:
    explicit EditLog(const Database &database) : m_database(database) { }

    /// Applies changes as one edit, in one transaction. Undone edits can no longer be redone afterwards.
    [[nodiscard]] base::Result<int64_t> apply(const std::string &title, std::span<const FieldChange> changes) const;

    /// An edit that adds rows in slices: nothing of it is shown before `close`, and `rollBackStale` removes it if
    /// the process died before.
    [[nodiscard]] base::Result<int64_t> open(const std::string &title) const;
    [[nodiscard]] base::Result<void> add(int64_t edit, std::span<const Example> rows) const;
    [[nodiscard]] base::Result<void> close(int64_t edit) const;
    [[nodiscard]] base::Result<void> abandon(int64_t edit) const;

    /// Undoes the newest applied edit, redoes the oldest undone one after it; returns it, or nothing to do.
    [[nodiscard]] base::Result<std::optional<EditInfo>> undo() const;
    [[nodiscard]] base::Result<std::optional<EditInfo>> redo() const;
    /// Newest first.
    [[nodiscard]] base::Result<std::vector<EditInfo>> history(int limit = 200) const;

    /// Removes what open edits of dead processes left.
    [[nodiscard]] base::Result<void> rollBackStale() const;

private:
    const Database &m_database;
};

}  // namespace core
