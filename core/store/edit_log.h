// SPDX-License-Identifier: Apache-2.0
// Every change to rows, classes and settings, as one journaled edit that can be undone, also after a restart.
#pragma once

#include "core/store/database.h"
#include "core/store/example_query.h"

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
    enum class Field { Text, Label, Split, Removed, Provenance } field = Field::Label;
    std::string text;               ///< Field::Text, Field::Provenance
    std::optional<int64_t> number;  ///< label id, nothing, or newLabel(i); split; or 0/1 for Removed
};

/// A change of one field of one label.
struct LabelChange {
    int64_t label = 0;
    enum class Field { Name, Description, Position, Colour, Declared, Removed } field = Field::Name;
    std::string text;    ///< Field::Name, Field::Description
    int64_t number = 0;  ///< all others
};

struct SettingChange {
    std::string key;
    std::string value;
};

/// All that one edit changes.
struct EditDraft {
    std::string title;
    std::vector<Label> newLabels;  ///< come behind all others; a removed label of the name comes back instead
    std::vector<LabelChange> labels;
    std::vector<SettingChange> settings;
    std::vector<FieldChange> changes;
    std::vector<Example> newRows;  ///< their label may be newLabel(i)
};

/// Stands for `EditDraft::newLabels[i]` where an id is asked for.
[[nodiscard]] constexpr int64_t newLabel(size_t i)
{
    return -1 - static_cast<int64_t>(i);
}

class EditLog {
public:
    explicit EditLog(const Database &database) : m_database(database) { }

    /// Applies everything as one edit, in one transaction. Undone edits can no longer be redone afterwards. A label's
    /// name that is taken is refused (AlreadyExists).
    [[nodiscard]] base::Result<int64_t> apply(const EditDraft &draft) const;
    [[nodiscard]] base::Result<int64_t> apply(const std::string &title, std::span<const FieldChange> changes) const;
    /// Sets one field of every row that the query shows, however many; nothing is read into memory.
    [[nodiscard]] base::Result<int64_t> applyToAll(const std::string &title, const ExampleQuery &query,
                                                   FieldChange::Field field, std::optional<int64_t> number) const;
    /// Ids of the rows that an edit added.
    [[nodiscard]] base::Result<std::vector<int64_t>> addedRows(int64_t edit) const;

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
