// SPDX-License-Identifier: Apache-2.0
#include "core/store/edit_log.h"

#include <cerrno>
#include <csignal>
#include <map>
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
    case FieldChange::Field::Provenance: return "provenance";
    }
    return "";
}

const char *columnOf(LabelChange::Field field)
{
    switch (field) {
    case LabelChange::Field::Name: return "name";
    case LabelChange::Field::Description: return "description";
    case LabelChange::Field::Position: return "position";
    case LabelChange::Field::Colour: return "colour";
    case LabelChange::Field::Declared: return "declared";
    case LabelChange::Field::Removed: return "removed";
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
                     "DELETE FROM label_change WHERE edit IN (SELECT id FROM edit WHERE state = 2);"
                     "DELETE FROM setting_change WHERE edit IN (SELECT id FROM edit WHERE state = 2);"
                     "DELETE FROM edit_change WHERE example IN (SELECT id FROM example WHERE added_by IN (SELECT id "
                     "FROM edit WHERE state = 2));"
                     "DELETE FROM example WHERE added_by IN (SELECT id FROM edit WHERE state = 2);"
                     "DELETE FROM edit WHERE state = 2");
}

void removeOpen(const Database &database, int64_t edit)
{
    database.prepare("DELETE FROM example WHERE added_by = ? AND state = 2").bind(edit).run();
    database.prepare("DELETE FROM edit WHERE id = ? AND state = 0").bind(edit).run();
}

/// Writes one side of the journal back: `side` is "old" or "new".
void writeSide(const Database &database, int64_t edit, const std::string &side, RowState added)
{
    const auto copyBack = [&](const std::string &table, const std::string &key, const std::string &column) {
        database
            .prepare("UPDATE " + table + " SET " + column + " = c." + side + " FROM " +
                     (table == "example" ? "edit" : table) + "_change c WHERE c.edit = ? AND c.field = '" + column +
                     "' AND c." + key + " = " + table + ".id")
            .bind(edit)
            .run();
    };
    for (const char *column : {"text", "label", "split", "state", "provenance"})
        copyBack("example", "example", column);
    database.prepare("UPDATE example SET state = ? WHERE added_by = ?").bind(added).bind(edit).run();
    // Names are unique at every moment, so those that may trade places step aside first.
    database
        .prepare("UPDATE label SET name = char(1) || id WHERE id IN (SELECT label FROM label_change WHERE edit = ? AND "
                 "field = 'name')")
        .bind(edit)
        .run();
    for (const char *column : {"name", "description", "position", "colour", "declared", "removed"})
        copyBack("label", "label", column);
    database
        .prepare("INSERT OR REPLACE INTO setting (key, value) SELECT key, " + side +
                 " FROM setting_change WHERE edit = ?")
        .bind(edit)
        .run();
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

void insertRows(const Database &database, int64_t edit, std::span<const Example> rows, RowState state)
{
    auto insert = database.prepare(
        "INSERT INTO example (text, label, split, provenance, source, source_row, confidence, added_by, state) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Example &row : rows) {
        insert.bind(row.text).bind(row.label).bind(static_cast<int64_t>(row.split)).bind(row.provenance);
        insert.bind(row.source).bind(row.sourceRow).bind(row.confidence).bind(edit).bind(state).run();
    }
}

/// Writes one draft inside a transaction.
class DraftWriter {
public:
    DraftWriter(const Database &database, const EditDraft &draft) : m_database(database), m_draft(draft) { }

    int64_t write()
    {
        dropUndone(m_database);
        m_edit = insertEdit(m_database, m_draft.title, Applied);
        for (const Label &label : m_draft.newLabels)
            addLabel(label);
        for (const LabelChange &change : m_draft.labels)
            changeLabel(change);
        for (const SettingChange &change : m_draft.settings)
            changeSetting(change);
        for (const FieldChange &change : m_draft.changes)
            changeRow(change);
        auto rows = m_draft.newRows;
        for (Example &row : rows)
            row.label = resolved(row.label);
        insertRows(m_database, m_edit, rows, Shown);
        return m_edit;
    }

private:
    [[nodiscard]] std::optional<int64_t> resolved(std::optional<int64_t> label) const
    {
        return label && *label < 0 ? m_added.at(static_cast<size_t>(-1 - *label)) : label;
    }

    /// The label of this name, its id and whether it is removed.
    [[nodiscard]] std::optional<std::pair<int64_t, bool>> labelNamed(const std::string &name) const
    {
        auto found = m_database.prepare("SELECT id, removed FROM label WHERE name = ?");
        if (!found.bind(name).step())
            return std::nullopt;
        return std::pair(found.integer(0), found.integer(1) != 0);
    }
    [[noreturn]] static void refuseName(const std::string &name)
    {
        throw StoreError{{ErrorCode::AlreadyExists, "There is a class of this name already.", name}};
    }

    void addLabel(const Label &label)
    {
        auto known = labelNamed(label.name);
        if (known && !known->second)
            refuseName(label.name);
        if (!known) {
            m_database
                .prepare("INSERT INTO label (name, position, colour, removed) VALUES (?, 0, (SELECT count(*) FROM "
                         "label), 1)")
                .bind(label.name)
                .run();
            known = {m_database.lastInsertId(), true};
        }
        m_added.push_back(known->first);
        auto last = m_database.prepare("SELECT 1 + coalesce(max(position), -1) FROM label WHERE removed = 0");
        last.step();
        const int64_t position = last.integer(0);
        last.reset();
        journalLabel(known->first, "description", [&](Statement &s) { s.bind(label.description); });
        journalLabel(known->first, "position", [&](Statement &s) { s.bind(position); });
        journalLabel(known->first, "declared", [&](Statement &s) { s.bind(int64_t{label.declared}); });
        journalLabel(known->first, "removed", [&](Statement &s) { s.bind(int64_t{0}); });
    }

    void changeLabel(const LabelChange &change)
    {
        const bool isName = change.field == LabelChange::Field::Name;
        if (isName) {
            const auto known = labelNamed(change.text);
            if (known && known->first != change.label) {
                if (!known->second)
                    refuseName(change.text);
                const std::string aside = change.text + " (removed " + std::to_string(known->first) + ")";
                journalLabel(known->first, "name", [&](Statement &s) { s.bind(aside); });
            }
        }
        const bool isText = isName || change.field == LabelChange::Field::Description;
        journalLabel(change.label, columnOf(change.field), [&](Statement &s) {
            if (isText)
                s.bind(change.text);
            else
                s.bind(change.number);
        });
    }

    /// A field changed twice in one edit keeps the first old value.
    template <class Bind>
    void journalLabel(int64_t label, const std::string &column, const Bind &bindValue)
    {
        auto journal =
            m_database.prepare("INSERT INTO label_change (edit, label, field, old, new) SELECT ?, id, ?, " + column +
                               ", ? FROM label WHERE id = ? ON CONFLICT DO UPDATE SET new = "
                               "excluded.new");
        journal.bind(m_edit).bind(column);
        bindValue(journal);
        journal.bind(label).run();
        auto update = m_database.prepare("UPDATE label SET " + column + " = ? WHERE id = ?");
        bindValue(update);
        update.bind(label).run();
        if (m_database.changes() == 0)
            throw StoreError{
                {ErrorCode::NotFound, "The class is not there any more; nothing was changed.", std::to_string(label)}};
    }

    void changeSetting(const SettingChange &change)
    {
        m_database
            .prepare("INSERT INTO setting_change (edit, key, old, new) VALUES (?1, ?2, coalesce((SELECT value FROM "
                     "setting WHERE key = ?2), ''), ?3) ON CONFLICT DO UPDATE SET new = excluded.new")
            .bind(m_edit)
            .bind(change.key)
            .bind(change.value)
            .run();
        m_database.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)")
            .bind(change.key)
            .bind(change.value)
            .run();
    }

    /// The two statements that journal and change one column, prepared once however many rows change.
    struct ColumnWriter {
        Statement journal;
        Statement update;
    };

    ColumnWriter &writerOf(FieldChange::Field field)
    {
        const auto found = m_writers.find(field);
        if (found != m_writers.end())
            return found->second;
        const std::string column = columnOf(field);
        return m_writers
            .emplace(field, ColumnWriter{m_database.prepare("INSERT INTO edit_change (edit, example, field, old, new) "
                                                            "SELECT ?, id, ?, " +
                                                            column +
                                                            ", ? FROM example WHERE id = ? ON CONFLICT DO UPDATE SET "
                                                            "new = excluded.new"),
                                         m_database.prepare("UPDATE example SET " + column + " = ? WHERE id = ?")})
            .first->second;
    }

    void changeRow(const FieldChange &change)
    {
        const bool isText = change.field == FieldChange::Field::Text || change.field == FieldChange::Field::Provenance;
        const auto number = change.field == FieldChange::Field::Label ? resolved(change.number) : change.number;
        const auto bindValue = [&](Statement &statement) {
            if (isText)
                statement.bind(change.text);
            else
                statement.bind(number);
        };
        ColumnWriter &writer = writerOf(change.field);
        writer.journal.bind(m_edit).bind(columnOf(change.field));
        bindValue(writer.journal);
        writer.journal.bind(change.example).run();
        bindValue(writer.update);
        writer.update.bind(change.example).run();
        if (m_database.changes() == 0)
            throw StoreError{{ErrorCode::NotFound, "The row is not there any more; nothing was changed.",
                              std::to_string(change.example)}};
    }

    const Database &m_database;
    const EditDraft &m_draft;
    int64_t m_edit = 0;
    std::vector<int64_t> m_added;
    std::map<FieldChange::Field, ColumnWriter> m_writers;
};

}  // namespace

Result<int64_t> EditLog::apply(const std::string &title, std::span<const FieldChange> changes) const
{
    return apply({.title = title, .changes = {changes.begin(), changes.end()}});
}

Result<int64_t> EditLog::apply(const EditDraft &draft) const
{
    return guardStore([&]() -> Result<int64_t> {
        Transaction transaction(m_database);
        const int64_t edit = DraftWriter(m_database, draft).write();
        transaction.commit();
        return edit;
    });
}

Result<int64_t> EditLog::applyToAll(const std::string &title, const ExampleQuery &query, FieldChange::Field field,
                                    std::optional<int64_t> number) const
{
    return guardStore([&]() -> Result<int64_t> {
        Transaction transaction(m_database);
        dropUndone(m_database);
        const int64_t edit = insertEdit(m_database, title, Applied);
        const std::string column = columnOf(field);
        auto journal = m_database.prepare("INSERT INTO edit_change (edit, example, field, old, new) SELECT ?, id, ?, " +
                                          column + ", ? FROM example" + whereClause(query));
        journal.bind(edit).bind(column).bind(number);
        bindWhere(journal, query);
        journal.run();
        m_database
            .prepare("UPDATE example SET " + column +
                     " = ? WHERE id IN (SELECT example FROM edit_change WHERE edit = ?)")
            .bind(number)
            .bind(edit)
            .run();
        transaction.commit();
        return edit;
    });
}

Result<std::vector<int64_t>> EditLog::addedRows(int64_t edit) const
{
    return guardStore([&]() -> Result<std::vector<int64_t>> {
        std::vector<int64_t> ids;
        auto rows = m_database.prepare("SELECT id FROM example WHERE added_by = ? ORDER BY id");
        rows.bind(edit);
        while (rows.step())
            ids.push_back(rows.integer(0));
        return ids;
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
        insertRows(m_database, edit, rows, Pending);
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
