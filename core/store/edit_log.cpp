// SPDX-License-Identifier: Apache-2.0
#include "core/store/edit_log.h"

#include <cerrno>
#include <csignal>
#include <unistd.h>

using base::ErrorCode;
using base::Result;

namespace core {

namespace {

enum EditState : int64_t { Open = 0, Applied = 1, Undone = 2 };
enum RowState : int64_t { Shown = 0, Removed = 1, Pending = 2 };

const char *columnOf(FieldChange::Field field)
{
    switch (field) {
    case FieldChange::Field::Text: return "text";
    case FieldChange::Field::Label: return "label";
    case FieldChange::Field::Split: return "split";
    case FieldChange::Field::Removed: return "state";
    }
    return "";
}

int64_t insertEdit(const Database &database, const std::string &title, EditState state)
{
    auto insert = database.prepare(
        "INSERT INTO edit (title, created_at, state, pid) VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?)");
    insert.bind(title).bind(state).bind(static_cast<int64_t>(::getpid())).run();
    return database.lastInsertId();
}

/// A new change makes what was undone before it unreachable.
void dropUndone(const Database &database)
{
    database.execute("DELETE FROM edit_change WHERE edit IN (SELECT id FROM edit WHERE state = 2);"
                     "DELETE FROM example WHERE added_by IN (SELECT id FROM edit WHERE state = 2);"
                     "DELETE FROM edit WHERE state = 2");
}

void removeOpen(const Database &database, int64_t edit)
{
    database.prepare("DELETE FROM example WHERE added_by = ? AND state = 2").bind(edit).run();
    database.prepare("DELETE FROM edit WHERE id = ? AND state = 0").bind(edit).run();
}

/// Writes one side of the journal back: `side` is "old" or "new".
void writeSide(const Database &database, int64_t edit, const char *side, RowState added)
{
    for (const char *column : {"text", "label", "split", "state"}) {
        const std::string name = column;
        database
            .prepare("UPDATE example SET " + name + " = c." + side +
                     " FROM edit_change c WHERE c.edit = ? AND c.field = '" + name + "' AND c.example = example.id")
            .bind(edit)
            .run();
    }
    database.prepare("UPDATE example SET state = ? WHERE added_by = ?").bind(added).bind(edit).run();
}

Result<std::optional<EditInfo>> swap(const Database &database, const char *choose, const char *side, RowState added,
                                     EditState state)
{
    return guardStore([&]() -> Result<std::optional<EditInfo>> {
        Transaction transaction(database);
        auto row = database.prepare(choose);
        if (!row.step())
            return std::nullopt;
        const EditInfo info{row.integer(0), row.text(1), row.text(2), state == Undone};
        row.reset();
        writeSide(database, info.id, side, added);
        database.prepare("UPDATE edit SET state = ? WHERE id = ?").bind(state).bind(info.id).run();
        transaction.commit();
        return info;
    });
}

}  // namespace

Result<int64_t> EditLog::apply(const std::string &title, std::span<const FieldChange> changes) const
{
    return guardStore([&]() -> Result<int64_t> {
        Transaction transaction(m_database);
        dropUndone(m_database);
        const int64_t edit = insertEdit(m_database, title, Applied);
        for (const FieldChange &change : changes) {
            const std::string column = columnOf(change.field);
            const auto bindValue = [&](Statement &statement) {
                if (change.field == FieldChange::Field::Text)
                    statement.bind(change.text);
                else
                    statement.bind(change.number);
            };
            // A field changed twice in one edit keeps the first old value.
            auto journal = m_database.prepare(
                "INSERT INTO edit_change (edit, example, field, old, new) SELECT ?, id, ?, " + column +
                ", ? FROM example WHERE id = ? ON CONFLICT DO UPDATE SET new = excluded.new");
            journal.bind(edit).bind(column);
            bindValue(journal);
            journal.bind(change.example).run();
            auto update = m_database.prepare("UPDATE example SET " + column + " = ? WHERE id = ?");
            bindValue(update);
            update.bind(change.example).run();
            if (m_database.changes() == 0)
                throw StoreError{{ErrorCode::NotFound, "The row is not there any more; nothing was changed.",
                                  std::to_string(change.example)}};
        }
        transaction.commit();
        return edit;
    });
}

Result<int64_t> EditLog::open(const std::string &title) const
{
    return guardStore([&]() -> Result<int64_t> {
        Transaction transaction(m_database);
        const int64_t edit = insertEdit(m_database, title, Open);
        transaction.commit();
        return edit;
    });
}

Result<void> EditLog::add(int64_t edit, std::span<const Example> rows) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        auto insert = m_database.prepare(
            "INSERT INTO example (text, label, split, provenance, source, source_row, confidence, added_by, state) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 2)");
        for (const Example &row : rows) {
            insert.bind(row.text)
                .bind(row.label)
                .bind(static_cast<int64_t>(row.split))
                .bind(row.provenance)
                .bind(row.source);
            insert.bind(row.sourceRow).bind(row.confidence).bind(edit).run();
        }
        transaction.commit();
        return {};
    });
}

Result<void> EditLog::close(int64_t edit) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        dropUndone(m_database);
        m_database.prepare("UPDATE example SET state = 0 WHERE added_by = ?").bind(edit).run();
        m_database.prepare("UPDATE edit SET state = 1 WHERE id = ?").bind(edit).run();
        transaction.commit();
        return {};
    });
}

Result<void> EditLog::abandon(int64_t edit) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        removeOpen(m_database, edit);
        transaction.commit();
        return {};
    });
}

Result<std::optional<EditInfo>> EditLog::undo() const
{
    return swap(m_database, "SELECT id, title, created_at FROM edit WHERE state = 1 ORDER BY id DESC LIMIT 1", "old",
                Removed, Undone);
}

Result<std::optional<EditInfo>> EditLog::redo() const
{
    return swap(m_database, "SELECT id, title, created_at FROM edit WHERE state = 2 ORDER BY id LIMIT 1", "new", Shown,
                Applied);
}

Result<std::vector<EditInfo>> EditLog::history(int limit) const
{
    return guardStore([&]() -> Result<std::vector<EditInfo>> {
        std::vector<EditInfo> edits;
        auto rows = m_database.prepare(
            "SELECT id, title, created_at, state FROM edit WHERE state > 0 ORDER BY id DESC LIMIT ?");
        rows.bind(static_cast<int64_t>(limit));
        while (rows.step())
            edits.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3) == Undone});
        return edits;
    });
}

Result<void> EditLog::rollBackStale() const
{
    return guardStore([&]() -> Result<void> {
        std::vector<int64_t> stale;
        auto rows = m_database.prepare("SELECT id, pid FROM edit WHERE state = 0");
        while (rows.step()) {
            const auto pid = static_cast<pid_t>(rows.integer(1));
            if (::kill(pid, 0) != 0 && errno == ESRCH)
                stale.push_back(rows.integer(0));
        }
        rows.reset();
        if (stale.empty())
            return {};
        Transaction transaction(m_database);
        for (const int64_t edit : stale)
            removeOpen(m_database, edit);
        transaction.commit();
        return {};
    });
}

}  // namespace core
