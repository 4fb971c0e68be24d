// SPDX-License-Identifier: Apache-2.0
#include "core/store/edit_journal.h"

#include "core/store/edit_fields.h"

#include <chrono>
#include <limits>
#include <thread>
#include <unistd.h>

namespace core {

namespace {

/// One row in so many is asked for where a slice ends.
constexpr const char *ChangedRows =
    "SELECT DISTINCT example FROM edit_change WHERE edit = ? AND example > ? ORDER BY example LIMIT 1 OFFSET ?";
constexpr const char *AddedRows = "SELECT id FROM example WHERE added_by = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?";
/// Edits whose changes are in the rows now.
constexpr const char *InEffect = "(0, 1, 4, 6)";
/// Where an edit is taken back for good, an undone one on top of it must forget it, too.
constexpr const char *InEffectOrUndone = "(0, 1, 2, 4, 6)";
constexpr std::chrono::milliseconds Pause{5};

bool goOn(int64_t)
{
    return true;
}

const char *nameOf(EditJournal::Side side)
{
    return side == EditJournal::Side::Old ? "old" : "new";
}

/// Whether a later edit in effect has changed the same cell as `cell`, an alias of edit_change; ?1 is the edit.
std::string changedLater(const std::string &cell, const std::string &inEffect)
{
    return "EXISTS (SELECT 1 FROM edit e WHERE e.id > ?1 AND e.state IN " + inEffect +
           " AND EXISTS (SELECT 1 FROM edit_change l WHERE l.edit = e.id AND l.example = " + cell +
           ".example AND l.field = " + cell + ".field))";
}

}  // namespace

EditJournal EditJournal::begin(const Database &database, const std::string &title, EditState state)
{
    auto insert = database.prepare(
        "INSERT INTO edit (title, created_at, state, pid) VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?)");
    insert.bind(title).bind(state).bind(static_cast<int64_t>(::getpid())).run();
    return {database, database.lastInsertId()};
}

void EditJournal::dropUndone(const Database &database)
{
    database.execute("UPDATE edit SET state = 5 WHERE state = 2");
}

void EditJournal::letOthersWrite()
{
    std::this_thread::sleep_for(Pause);
}

EditState EditJournal::state() const
{
    auto row = m_database.prepare("SELECT state FROM edit WHERE id = ?");
    row.bind(m_edit);
    return row.step() ? static_cast<EditState>(row.integer(0)) : Dropped;
}

void EditJournal::setState(EditState state) const
{
    m_database.prepare("UPDATE edit SET state = ?, pid = ? WHERE id = ?")
        .bind(state)
        .bind(static_cast<int64_t>(::getpid()))
        .bind(m_edit)
        .run();
}

bool EditJournal::move(EditState from, EditState to) const
{
    Transaction transaction(m_database);
    if (state() != from)
        return false;
    setState(to);
    transaction.commit();
    return true;
}

std::optional<int64_t> EditJournal::sliceOf(const char *sql, int64_t after) const
{
    auto last = m_database.prepare(sql);
    if (last.bind(m_edit).bind(after).bind(SliceRows - 1).step())
        return last.integer(0);
    last.reset();
    if (last.bind(m_edit).bind(after).bind(int64_t{0}).step())
        return std::numeric_limits<int64_t>::max();
    return std::nullopt;
}

bool EditJournal::isLarge() const
{
    constexpr int64_t End = std::numeric_limits<int64_t>::max();
    return sliceOf(ChangedRows, 0).value_or(End) < End || sliceOf(AddedRows, 0).value_or(End) < End;
}

bool EditJournal::inSlices(const char *rows, const Between &between,
                           const std::function<void(int64_t, int64_t)> &slice) const
{
    const EditState begun = state();
    int64_t done = 0;
    int64_t after = 0;
    while (const auto last = sliceOf(rows, after)) {
        Transaction transaction(m_database);
        if (state() != begun)
            return true;  // another process found it half done, too, and was quicker
        slice(after + 1, *last);
        storeFailpoint("edit.complete.slice");
        transaction.commit();
        if (*last == std::numeric_limits<int64_t>::max())
            return true;
        after = *last;
        if (!between(done += SliceRows))
            return false;
        letOthersWrite();
    }
    return true;
}

bool EditJournal::isContested(const std::string &inEffect) const
{
    auto later = m_database.prepare("SELECT 1 FROM edit e WHERE e.id > ? AND e.state IN " + inEffect +
                                    " AND EXISTS (SELECT 1 FROM edit_change c WHERE c.edit = e.id)");
    return later.bind(m_edit).step();
}

void EditJournal::writeChanges(Side side, int64_t first, int64_t last, const std::string &inEffect) const
{
    const std::string value = nameOf(side);
    const bool contested = isContested(inEffect);
    if (contested) {  // the next edit above this one in a cell now stands on this side's value
        m_database
            .prepare("UPDATE edit_change SET old = (SELECT c." + value +
                     " FROM edit_change c WHERE c.edit = ?1 AND c.example = edit_change.example AND c.field = "
                     "edit_change.field) WHERE edit > ?1 AND edit = (SELECT min(e.id) FROM edit e WHERE e.id > ?1 AND "
                     "e.state IN " +
                     inEffect +
                     " AND EXISTS (SELECT 1 FROM edit_change l WHERE l.edit = e.id AND l.example = "
                     "edit_change.example AND l.field = edit_change.field)) AND example BETWEEN ?2 AND ?3 AND EXISTS "
                     "(SELECT 1 FROM edit_change c WHERE c.edit = ?1 AND c.example = edit_change.example AND c.field "
                     "= edit_change.field)")
            .bind(m_edit)
            .bind(first)
            .bind(last)
            .run();
    }
    for (const auto &field : RowFields) {
        const std::string column = field.column;
        m_database
            .prepare("UPDATE example SET " + column + " = c." + value +
                     " FROM edit_change c WHERE c.edit = ?1 AND c.example BETWEEN ?2 AND ?3 AND c.field = '" + column +
                     "' AND c.example = example.id" +
                     (contested ? " AND NOT " + changedLater("c", InEffect) : std::string()))
            .bind(m_edit)
            .bind(first)
            .bind(last)
            .run();
    }
}

void EditJournal::showAdded(bool shown, int64_t first, int64_t last) const
{
    const bool contested = isContested(InEffect);
    const std::string removedLater =
        std::string("EXISTS (SELECT 1 FROM edit e, edit_change l WHERE e.id > ?1 AND e.state IN ") + InEffect +
        " AND l.edit = e.id AND l.example = example.id AND l.field = 'state')";
    m_database
        .prepare("UPDATE example SET state = ?4 WHERE added_by = ?1 AND id BETWEEN ?2 AND ?3" +
                 (contested && shown ? " AND NOT " + removedLater : std::string()))
        .bind(m_edit)
        .bind(first)
        .bind(last)
        .bind(int64_t{shown ? Shown : Removed})
        .run();
    if (contested && !shown)  // who deleted such a row meanwhile and takes that back finds it gone
        m_database
            .prepare("UPDATE edit_change SET old = 1 WHERE edit > ?1 AND field = 'state' AND example BETWEEN ?2 AND ?3 "
                     "AND example IN (SELECT id FROM example WHERE added_by = ?1)")
            .bind(m_edit)
            .bind(first)
            .bind(last)
            .run();
}

void EditJournal::writeLabels(Side side) const
{
    const std::string value = nameOf(side);
    // Names are unique among the classes that are there at every moment, so those that come, go or are renamed step
    // aside first.
    m_database
        .prepare("UPDATE label SET removed = 1 WHERE id IN (SELECT label FROM label_change WHERE edit = ? AND field = "
                 "'removed')")
        .bind(m_edit)
        .run();
    m_database
        .prepare("UPDATE label SET name = char(1) || id WHERE id IN (SELECT label FROM label_change WHERE edit = ? AND "
                 "field = 'name')")
        .bind(m_edit)
        .run();
    for (const auto &field : LabelFields) {
        const std::string column = field.column;
        m_database
            .prepare("UPDATE label SET " + column + " = c." + value +
                     " FROM label_change c WHERE c.edit = ? AND c.field = '" + column + "' AND c.label = label.id")
            .bind(m_edit)
            .run();
    }
    m_database
        .prepare("INSERT OR REPLACE INTO setting (key, value) SELECT key, " + value +
                 " FROM setting_change WHERE edit = ?")
        .bind(m_edit)
        .run();
}

bool EditJournal::complete(const Between &between) const
{
    const EditState begun = state();
    if (begun != Undoing && begun != Redoing && begun != Closing)
        return true;
    const bool redo = begun != Undoing;
    const Side side = redo ? Side::New : Side::Old;
    if (redo) {  // classes come before the rows that use them
        Transaction transaction(m_database);
        writeLabels(side);
        transaction.commit();
    }
    const bool through =
        inSlices(ChangedRows, between,
                 [&](int64_t first, int64_t last) { writeChanges(side, first, last, InEffect); }) &&
        inSlices(AddedRows, between, [&](int64_t first, int64_t last) { showAdded(redo, first, last); });
    if (!through) {
        turnRound(begun);
        return false;
    }
    Transaction transaction(m_database);
    if (state() != begun)
        return true;
    if (!redo)
        writeLabels(side);
    // Whoever edited meanwhile has made what is undone unreachable.
    setState(redo ? Applied : isContested(InEffect) ? Dropped : Undone);
    transaction.commit();
    return true;
}

void EditJournal::turnRound(EditState begun) const
{
    const EditState turned = begun == Redoing ? Undoing : Redoing;
    if (!move(begun, turned))
        return;
    try {
        complete(goOn);
    } catch (...) {  // then the next to open the service must turn the same way
        static_cast<void>(guardStore([&]() -> base::Result<bool> { return move(turned, begun); }));
        throw;
    }
}

void EditJournal::completeAtOnce() const
{
    constexpr int64_t End = std::numeric_limits<int64_t>::max();
    const bool redo = state() == Redoing;
    const Side side = redo ? Side::New : Side::Old;
    writeChanges(side, 0, End, InEffect);
    showAdded(redo, 0, End);
    writeLabels(side);
    setState(redo ? Applied : Undone);
}

void EditJournal::abandon() const
{
    inSlices(ChangedRows, goOn,
             [&](int64_t first, int64_t last) { writeChanges(Side::Old, first, last, InEffectOrUndone); });
    if (state() == Closing)
        inSlices(AddedRows, goOn, [&](int64_t first, int64_t last) { showAdded(false, first, last); });
    {
        Transaction transaction(m_database);
        writeLabels(Side::Old);
        // A class of this edit that a row was given meanwhile stays.
        m_database
            .prepare(
                "UPDATE label SET removed = 0 WHERE id IN (SELECT label FROM label_change WHERE edit = ? AND "
                "field = 'removed') AND EXISTS (SELECT 1 FROM example WHERE state = 0 AND (example.label = label.id OR "
                "instr(also, ',' || label.id || ',') > 0))")
            .bind(m_edit)
            .run();
        setState(Dropped);
        transaction.commit();
    }
    forget();
}

void EditJournal::forget() const
{
    inSlices(ChangedRows, goOn, [&](int64_t first, int64_t last) {
        m_database.prepare("DELETE FROM edit_change WHERE edit = ? AND example BETWEEN ? AND ?")
            .bind(m_edit)
            .bind(first)
            .bind(last)
            .run();
    });
    // A row that a later edit's journal names stays, hidden: undoing that edit must find it. No foreign key can break
    // then, and checking would read the whole journal for every row.
    {
        const WithoutForeignKeys unchecked(m_database);
        inSlices(AddedRows, goOn, [&](int64_t first, int64_t last) {
            m_database
                .prepare(
                    "DELETE FROM example WHERE added_by = ?1 AND id BETWEEN ?2 AND ?3 AND id NOT IN (SELECT example "
                    "FROM edit_change WHERE edit IN (SELECT id FROM edit WHERE id > ?1) AND example BETWEEN ?2 AND "
                    "?3)")
                .bind(m_edit)
                .bind(first)
                .bind(last)
                .run();
        });
    }
    Transaction transaction(m_database);
    for (const char *table : {"label_change", "setting_change"})
        m_database.prepare(std::string("DELETE FROM ") + table + " WHERE edit = ?").bind(m_edit).run();
    m_database.prepare("DELETE FROM edit WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM example WHERE added_by = ?1)")
        .bind(m_edit)
        .run();
    transaction.commit();
}

}  // namespace core
