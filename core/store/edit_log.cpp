// SPDX-License-Identifier: Apache-2.0
#include "core/store/edit_log.h"

#include "core/store/draft_writer.h"
#include "core/store/edit_journal.h"
#include "core/store/inverse_edit.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <mutex>
#include <unistd.h>

using base::Result;

namespace core {

namespace {

constexpr size_t SliceChanges = EditJournal::SliceRows;

constexpr const char *NextToUndo = "SELECT id, title, created_at FROM edit WHERE state = 1 ORDER BY id DESC LIMIT 1";
constexpr const char *NextToRedo = "SELECT id, title, created_at FROM edit WHERE state = 2 ORDER BY id LIMIT 1";

/// Edits of this process that could neither be ended nor taken back, on a full disk, say. They are taken back before
/// anything else is written to their service: later edits must not build on what they left.
class Debts {
public:
    void add(const Database &database, int64_t edit)
    {
        const std::lock_guard lock(m_mutex);
        m_edits.emplace(database.path(), edit);
    }

    void settle(const Database &database)
    {
        const std::lock_guard lock(m_mutex);
        const auto [begin, end] = m_edits.equal_range(database.path());
        for (auto debt = begin; debt != end; debt = m_edits.erase(debt))
            takeBack(database, debt->second);
    }

private:
    static void takeBack(const Database &database, int64_t edit)
    {
        auto row = database.prepare("SELECT state FROM edit WHERE id = ? AND pid = ?");
        if (!row.bind(edit).bind(static_cast<int64_t>(::getpid())).step())
            return;  // another process was quicker
        const auto state = static_cast<EditState>(row.integer(0));
        row.reset();
        const EditJournal journal(database, edit);
        if (state == Open || state == Closing)
            journal.abandon();
        else if (state == Undoing || state == Redoing)
            journal.turnRound(state);
    }

    std::mutex m_mutex;
    std::multimap<std::filesystem::path, int64_t> m_edits;  ///< by data file
};

Debts &debts()
{
    static Debts instance;
    return instance;
}

Result<bool> isNextLarge(const Database &database, const char *choose)
{
    return guardStore([&]() -> Result<bool> {
        auto row = database.prepare(choose);
        return row.step() && EditJournal(database, row.integer(0)).isLarge();
    });
}

Result<std::optional<EditInfo>> swap(const Database &database, const char *choose, EditState state,
                                     const base::WorkContext &context)
{
    return guardStore([&]() -> Result<std::optional<EditInfo>> {
        debts().settle(database);
        Transaction transaction(database);
        auto row = database.prepare(choose);
        if (!row.step())
            return std::nullopt;
        EditInfo info{row.integer(0), row.text(1), row.text(2), state == Undoing};
        row.reset();
        const EditJournal journal(database, info.id);
        journal.setState(state);
        const bool large = journal.isLarge();
        if (!large)
            journal.completeAtOnce();
        transaction.commit();
        const auto between = [&](int64_t done) {
            context.report({done, 0, "Writing"});
            return !context.stopRequested();
        };
        if (large) {
            try {
                if (!journal.complete(between))
                    return base::cancelled();
            } catch (...) {  // a full disk, say: it is taken back, now or by the next to open the service
                const auto turned = guardStore([&]() -> Result<void> {
                    journal.turnRound(state);
                    return {};
                });
                if (!turned)
                    debts().add(database, info.id);
                throw;
            }
        }
        return info;
    });
}

/// Calls `slice` with every part of `all`, each in a transaction of its own, until it is stopped.
template <class T>
bool inSlices(const Database &database, std::span<const T> all, const base::WorkContext &context,
              const std::function<void(std::span<const T>)> &slice)
{
    for (size_t first = 0; first < all.size(); first += SliceChanges) {
        storeFailpoint("edit.slice");
        if (context.stopRequested())
            return false;
        {
            Transaction transaction(database);
            slice(all.subspan(first, std::min(SliceChanges, all.size() - first)));
            transaction.commit();
        }
        context.report({static_cast<int64_t>(std::min(first + SliceChanges, all.size())),
                        static_cast<int64_t>(all.size()), "Writing"});
        EditJournal::letOthersWrite();
    }
    return true;
}

/// Writes title and classes of `head` as a new edit that is open, and lets `write` fill it; shows it at the end, or
/// takes back what an error left.
Result<int64_t> inAnOpenEdit(const Database &database, const EditDraft &head,
                             const std::function<Result<void>(DraftWriter &)> &write)
{
    std::optional<int64_t> edit;
    const EditLog log(database);
    auto written = guardStore([&]() -> Result<void> {
        debts().settle(database);
        Transaction transaction(database);
        EditJournal::dropUndone(database);
        const EditJournal journal = EditJournal::begin(database, head.title, Open);
        DraftWriter writer(database, journal.edit(), DraftWriter::Meanwhile::LetItWin);
        writer.writeLabels(head);
        transaction.commit();
        edit = journal.edit();
        TRY(write(writer));
        return log.close(*edit);
    });
    if (written)
        return *edit;
    if (edit)
        static_cast<void>(log.abandon(*edit));  // if this fails, too, the next edit or the next open does it
    return base::failure(written);
}

}  // namespace

bool EditLog::isLarge(const EditDraft &draft)
{
    return draft.changes.size() + draft.newRows.size() > 2 * SliceChanges;
}

Result<int64_t> EditLog::apply(const std::string &title, std::span<const FieldChange> changes) const
{
    return apply({.title = title, .changes = {changes.begin(), changes.end()}});
}

Result<int64_t> EditLog::apply(const EditDraft &draft) const
{
    return guardStore([&]() -> Result<int64_t> {
        debts().settle(m_database);
        Transaction transaction(m_database);
        EditJournal::dropUndone(m_database);
        const EditJournal journal = EditJournal::begin(m_database, draft.title, Applied);
        DraftWriter writer(m_database, journal.edit(), DraftWriter::Meanwhile::Refuse);
        writer.writeLabels(draft);
        writer.changeRows(draft.changes);
        writer.addRows(draft.newRows, Shown);
        transaction.commit();
        return journal.edit();
    });
}

Result<int64_t> EditLog::applyInSlices(const EditDraft &draft, const base::WorkContext &context) const
{
    return inAnOpenEdit(m_database, draft, [&](DraftWriter &writer) -> Result<void> {
        if (!inSlices<FieldChange>(m_database, draft.changes, context, [&](auto part) { writer.changeRows(part); }) ||
            !inSlices<Example>(m_database, draft.newRows, context, [&](auto part) { writer.addRows(part, Pending); }))
            return base::cancelled();
        return {};
    });
}

Result<int64_t> EditLog::applyInParts(const std::string &title, const NextChanges &next,
                                      const std::stop_token &stop) const
{
    return inAnOpenEdit(m_database, {.title = title}, [&](DraftWriter &writer) -> Result<void> {
        base::WorkContext context;
        context.stop = stop;
        for (;;) {
            auto part = TRY(next());
            if (part.empty())
                return {};
            if (!inSlices<FieldChange>(m_database, part, context, [&](auto slice) { writer.changeRows(slice); }))
                return base::cancelled();
        }
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
        debts().settle(m_database);
        Transaction transaction(m_database);
        const EditJournal journal = EditJournal::begin(m_database, title, Open);
        transaction.commit();
        return journal.edit();
    });
}

Result<int64_t> EditLog::labelFor(int64_t edit, const std::string &name, bool declared) const
{
    auto ids = TRY(labelsFor(edit, std::span(&name, 1), declared));
    return ids.front();
}

Result<std::vector<int64_t>> EditLog::labelsFor(int64_t edit, std::span<const std::string> names, bool declared) const
{
    return guardStore([&]() -> Result<std::vector<int64_t>> {
        Transaction transaction(m_database);
        auto ids = DraftWriter(m_database, edit, DraftWriter::Meanwhile::LetItWin).labelsFor(names, declared);
        transaction.commit();
        return ids;
    });
}

Result<void> EditLog::set(int64_t edit, const SettingChange &change) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        EditDraft draft;
        draft.settings = {change};
        DraftWriter(m_database, edit, DraftWriter::Meanwhile::LetItWin).writeLabels(draft);
        transaction.commit();
        return {};
    });
}

Result<void> EditLog::add(int64_t edit, std::span<const Example> rows) const
{
    return guardStore([&]() -> Result<void> {
        Transaction transaction(m_database);
        storeFailpoint("import.slice");
        DraftWriter(m_database, edit, DraftWriter::Meanwhile::LetItWin).addRows(rows, Pending);
        transaction.commit();
        return {};
    });
}

Result<void> EditLog::change(int64_t edit, std::span<const FieldChange> changes) const
{
    return guardStore([&]() -> Result<void> {
        DraftWriter writer(m_database, edit, DraftWriter::Meanwhile::LetItWin);
        inSlices<FieldChange>(m_database, changes, {}, [&](auto part) { writer.changeRows(part); });
        return {};
    });
}

Result<void> EditLog::remove(int64_t edit, std::span<const int64_t> rows) const
{
    std::vector<FieldChange> changes;
    for (const int64_t row : rows)
        changes.push_back({row, FieldChange::Field::Removed, {}, int64_t{Removed}});
    return change(edit, changes);
}

Result<void> EditLog::close(int64_t edit) const
{
    return guardStore([&]() -> Result<void> {
        storeFailpoint("edit.close.before");
        const EditJournal journal(m_database, edit);
        {
            Transaction transaction(m_database);
            EditJournal::dropUndone(m_database);
            journal.setState(Closing);
            transaction.commit();
        }
        journal.complete([](int64_t) { return true; });
        return {};
    });
}

Result<void> EditLog::abandon(int64_t edit) const
{
    auto abandoned = guardStore([&]() -> Result<void> {
        storeFailpoint("edit.abandon.before");
        EditJournal(m_database, edit).abandon();
        return {};
    });
    if (!abandoned)
        debts().add(m_database, edit);
    return abandoned;
}

Result<std::optional<EditInfo>> EditLog::undo(const base::WorkContext &context) const
{
    return swap(m_database, NextToUndo, Undoing, context);
}

Result<std::optional<EditInfo>> EditLog::redo(const base::WorkContext &context) const
{
    return swap(m_database, NextToRedo, Redoing, context);
}

Result<bool> EditLog::isUndoLarge() const
{
    return isNextLarge(m_database, NextToUndo);
}

Result<bool> EditLog::isRedoLarge() const
{
    return isNextLarge(m_database, NextToRedo);
}

Result<bool> EditLog::isHalfWritten() const
{
    return guardStore([&]() -> Result<bool> {
        auto row =
            m_database.prepare("SELECT 1 FROM edit WHERE state IN (3, 4, 6) OR (state = 0 AND EXISTS (SELECT 1 FROM "
                               "edit_change WHERE edit_change.edit = edit.id))");
        return row.step();
    });
}

Result<EditDraft> EditLog::inverse(int64_t edit) const
{
    return guardStore([&] { return inverseOf(m_database, edit); });
}

Result<std::vector<int64_t>> EditLog::touchedSince(int64_t edit) const
{
    return guardStore([&]() -> Result<std::vector<int64_t>> {
        std::vector<int64_t> rows;
        auto touched = m_database.prepare(
            "SELECT DISTINCT example FROM edit_change WHERE edit IN (SELECT id FROM edit WHERE id > ? AND state IN (1, "
            "4)) ORDER BY example");
        touched.bind(edit);
        while (touched.step())
            rows.push_back(touched.integer(0));
        return rows;
    });
}

Result<std::vector<EditInfo>> EditLog::history(int limit) const
{
    return guardStore([&]() -> Result<std::vector<EditInfo>> {
        std::vector<EditInfo> edits;
        auto rows = m_database.prepare(
            "SELECT id, title, created_at, state FROM edit WHERE state IN (1, 2) ORDER BY id DESC LIMIT ?");
        rows.bind(static_cast<int64_t>(limit));
        while (rows.step())
            edits.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3) == Undone});
        return edits;
    });
}

Result<void> EditLog::rollBackStale() const
{
    // What this process could not take back is no part of what is opened, if it can be taken back now.
    static_cast<void>(guardStore([&]() -> Result<void> {
        debts().settle(m_database);
        return {};
    }));
    return guardStore([&]() -> Result<void> {
        std::vector<std::pair<int64_t, int64_t>> stale;
        {
            auto rows = m_database.prepare("SELECT id, pid, state FROM edit WHERE state IN (0, 3, 4, 6)");
            while (rows.step()) {
                const auto pid = static_cast<pid_t>(rows.integer(1));
                if (::kill(pid, 0) != 0 && errno == ESRCH)
                    stale.emplace_back(rows.integer(0), rows.integer(2));
            }
        }
        for (const auto &[edit, state] : stale) {
            const EditJournal journal(m_database, edit);
            if (state == Open || state == Closing)
                journal.abandon();
            else
                journal.turnRound(static_cast<EditState>(state));
        }
        return {};
    });
}

Result<void> EditLog::forgetDropped() const
{
    return guardStore([&]() -> Result<void> {
        storeFailpoint("edit.forget.before");
        std::vector<int64_t> dropped;  // the newest first: its journal names rows that older ones added
        {
            auto rows = m_database.prepare("SELECT id FROM edit WHERE state = 5 ORDER BY id DESC");
            while (rows.step())
                dropped.push_back(rows.integer(0));
        }
        for (const int64_t edit : dropped)
            EditJournal(m_database, edit).forget();
        return {};
    });
}

}  // namespace core
