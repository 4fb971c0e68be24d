// SPDX-License-Identifier: Apache-2.0
#include "core/service/salvage.h"

#include "core/base/atomic_file.h"
#include "core/base/counted.h"
#include "core/engine/weights/safetensors.h"
#include "core/service/service.h"
#include "core/store/backups.h"
#include "core/store/edit_journal.h"
#include "core/store/label_set.h"
#include "core/store/page_file.h"
#include "core/store/run_store.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unicode/unistr.h>

namespace fs = std::filesystem;
using base::counted;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

using Kind = PageValue::Kind;

constexpr int MostFolders = 4;  // below a run's folder

/// Tells by their values which table a record is of. A letter a column: n null (it is the rowid), i integer, r real,
/// t text, b blob; capitals may also be null.
bool hasShape(const PageRecord &record, bool hasRowid, std::string_view shape)
{
    const auto fits = [](const PageValue &value, char letter) {
        switch (letter) {
        case 'n': return value.kind == Kind::Null;
        case 'i': return value.kind == Kind::Integer;
        case 'I': return value.kind == Kind::Integer || value.kind == Kind::Null;
        case 'r': return value.kind == Kind::Real || value.kind == Kind::Integer;
        case 'R': return value.kind != Kind::Text && value.kind != Kind::Blob;
        case 't': return value.kind == Kind::Text;
        default: return value.kind == Kind::Blob;
        }
    };
    return record.hasRowid == hasRowid && record.values.size() == shape.size() &&
           std::equal(record.values.begin(), record.values.end(), shape.begin(), fits);
}

bool isTime(const std::string &text)
{
    return text.size() >= 11 && text[4] == '-' && text[7] == '-' && text[10] == 'T';
}

/// Puts the records of pages into the tables of a new service. Throws StoreError.
class Records {
public:
    explicit Records(const Database &database, int64_t edit)
        : m_database(database), m_edit(edit),
          m_example(database.prepare("INSERT OR IGNORE INTO example (id, text, label, split, provenance, source, "
                                     "source_row, confidence, comment, place, also, parent, extra, origin, content, "
                                     "added_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
          m_label(database.prepare("INSERT OR IGNORE INTO label (id, name, description, position, declared, colour, "
                                   "removed, belongs, resembles) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"))
    {
    }

    /// The damaged file's own.
    void add(const PageRecord &record)
    {
        if (!addRow(record) && !addLabel(record) && !addSetting(record) && !addRun(record))
            note(record);
    }

    /// A backup's: only what is still missing.
    void addMissing(const PageRecord &record)
    {
        if (m_lost.contains(record.rowid))
            addRow(record);
        addLabel(record);
        addSetting(record);
    }

    /// What the index of rows knows and nobody has found. Found ones are forgotten.
    const std::map<int64_t, Split> &lost()
    {
        auto find = m_database.prepare("SELECT 1 FROM example WHERE id = ?");
        std::erase_if(m_lost, [&](const auto &row) {
            const bool found = find.bind(row.first).step();
            find.reset();
            return found;
        });
        return m_lost;
    }

    /// Below the highest number of a row. Call lost() before.
    [[nodiscard]] int64_t unusedNumbers()
    {
        for (const auto &[id, split] : m_lost)
            m_seen.push_back(id);
        std::sort(m_seen.begin(), m_seen.end());
        m_seen.erase(std::unique(m_seen.begin(), m_seen.end()), m_seen.end());
        return m_seen.empty() ? 0 : m_seen.back() - static_cast<int64_t>(m_seen.size());
    }
    [[nodiscard]] int64_t mendedTexts() const { return m_mended; }

private:
    /// Well-formed UTF-8.
    std::string text(const PageValue &value)
    {
        std::string mended;
        icu::UnicodeString::fromUTF8(value.bytes).toUTF8String(mended);
        m_mended += mended != value.bytes ? 1 : 0;
        return mended;
    }

    void bind(Statement &statement, const PageValue &value)
    {
        switch (value.kind) {
        case Kind::Null: statement.bind(std::optional<int64_t>()); break;
        case Kind::Integer: statement.bind(value.integer); break;
        case Kind::Real: statement.bind(value.real); break;
        case Kind::Text: statement.bind(text(value)); break;
        case Kind::Blob: statement.bindBlob(std::as_bytes(std::span(value.bytes))); break;
        }
    }

    bool insert(const char *table, const PageRecord &record)
    {
        std::string places = "?";
        for (size_t i = 1; i < record.values.size(); ++i)
            places += ", ?";
        auto [found, isNew] = m_inserts.try_emplace(table);
        if (isNew)
            found->second.emplace(m_database.prepare(
                std::string("INSERT OR IGNORE INTO ").append(table).append(" VALUES (").append(places).append(")")));
        for (const PageValue &value : record.values)
            bind(*found->second, value);
        found->second->run();
        return true;
    }

    bool addRow(const PageRecord &record)
    {
        const bool hasFile = hasShape(record, true, "ntIittiRiitttItii");
        const bool hasLabels = hasFile || hasShape(record, true, "ntIittiRiitttI");
        const bool hasPlace = hasLabels || hasShape(record, true, "ntIittiRiitt");
        if (!hasPlace && !hasShape(record, true, "ntIittiRii"))  // older versions wrote these
            return false;
        const auto &v = record.values;
        const int64_t split = v[3].integer;
        if (record.rowid <= 0)
            return true;
        m_seen.push_back(record.rowid);
        if (v[9].integer != RowState::Shown)
            return true;  // removed, or not yet there
        if (split < 0 || split > 2) {
            m_lost.emplace(record.rowid, Split::Unlabelled);  // a backup may have it whole
            return true;
        }
        m_example.bind(record.rowid);
        for (size_t i = 1; i < 8; ++i)
            bind(m_example, v[i]);
        for (size_t i = 10; i < 12; ++i)
            m_example.bind(hasPlace ? text(v[i]) : std::string());
        m_example.bind(hasLabels ? text(v[12]) : std::string());
        bind(m_example, hasLabels ? v[13] : PageValue());
        m_example.bind(hasFile ? text(v[14]) : std::string());
        m_example.bind(hasFile ? v[15].integer : 0).bind(hasFile ? v[16].integer : 0).bind(m_edit).run();
        return true;
    }

    bool addLabel(const PageRecord &record)
    {
        const bool isNewest = hasShape(record, true, "nttiiiitt");
        const bool hasColour = isNewest || hasShape(record, true, "nttiiii");
        // The oldest version's. An edit looks the same, but for its time.
        if (!hasColour && !(hasShape(record, true, "nttii") && !isTime(record.values[2].bytes)))
            return false;
        const auto &v = record.values;
        m_label.bind(record.rowid);
        for (size_t i = 1; i < 5; ++i)
            bind(m_label, v[i]);
        m_label.bind(hasColour ? v[5].integer : v[3].integer).bind(hasColour ? v[6].integer : int64_t{0});
        for (size_t i = 7; i < 9; ++i)
            m_label.bind(isNewest ? text(v[i]) : std::string("[]"));
        m_label.run();
        return true;
    }

    bool addSetting(const PageRecord &record) { return hasShape(record, false, "tt") && insert("setting", record); }

    bool addRun(PageRecord record)
    {
        if (hasShape(record, true, "ttttttttirritt"))  // of before there were exams
            record.values.resize(record.values.size() + 2, {Kind::Text, {}, {}, {}});
        if (hasShape(record, true, "ttttttttirritttt"))
            return isRunName(record.values[0].bytes) && insert("run", record);
        return (hasShape(record, false, "titi") && insert("run_row", record)) ||
               (hasShape(record, false, "ttir") && insertMetric(record)) ||
               (hasShape(record, false, "tirrtt") && insert("checkpoint", record)) ||
               (hasShape(record, false, "tiib") && insert("prediction", record));
    }

    /// A table without rowids keeps its key's columns first.
    bool insertMetric(PageRecord record)
    {
        std::swap(record.values[1], record.values[2]);
        return insert("metric_point", record);
    }

    /// An entry of an index of rows: state, split, perhaps the label, and the row.
    void note(const PageRecord &record)
    {
        const auto &v = record.values;
        if ((hasShape(record, false, "iii") || hasShape(record, false, "iiIi")) && v[0].integer == RowState::Shown &&
            v[1].integer >= 0 && v[1].integer <= 2 && v.back().integer > 0)
            m_lost.emplace(v.back().integer, static_cast<Split>(v[1].integer));
    }

    const Database &m_database;
    int64_t m_edit;
    Statement m_example, m_label;
    std::map<std::string, std::optional<Statement>> m_inserts;
    std::map<int64_t, Split> m_lost;
    std::vector<int64_t> m_seen;  ///< numbers of rows, also of removed ones
    int64_t m_mended = 0;
};

/// Whether SQLite finds nothing wrong with a copy of the file, with or without its log.
bool isSound(const fs::path &file, bool withLog, const fs::path &probe)
{
    std::error_code code;
    fs::create_directory(probe, code);
    fs::copy_file(file, probe / Service::DatabaseName, code);
    if (withLog)
        fs::copy_file(file.string() + "-wal", probe / (std::string(Service::DatabaseName) + "-wal"), code);
    bool sound = false;
    if (!code) {
        const auto database = Database::open(probe / Service::DatabaseName, OpenMode::ReadWrite);
        sound = database && database->quickCheck();
    }
    fs::remove_all(probe, code);
    return sound;
}

/// A log may belong to another state of the file, or to another file: then the file is better off without it.
bool shouldLeaveLogOut(const fs::path &file, const fs::path &probe)
{
    std::error_code code;
    const auto size = fs::file_size(file.string() + "-wal", code);
    return !code && size > 0 && !isSound(file, true, probe) && isSound(file, false, probe);
}

int64_t count(const Database &database, const char *what)
{
    auto row = database.prepare(std::string("SELECT count(*) FROM ") + what);
    row.step();
    return row.integer(0);
}

Result<void> scan(const fs::path &path, bool withLog, const base::WorkContext &context, SalvageReport *report,
                  const std::function<void(const PageRecord &)> &visit)
{
    auto file = TRY(PageFile::open(path, withLog));
    int64_t last = 0;
    const auto outcome = file.forEachRecord([&](int64_t page, const PageRecord &record) {
        visit(record);
        if (page == last)
            return true;
        last = page;
        context.report({page, file.pages(), "Reading pages"});
        return !context.stopRequested();
    });
    if (outcome.stopped)
        return base::cancelled();
    if (report) {
        report->pages = file.pages();
        report->damagedPages = outcome.damagedPages;
    }
    return {};
}

/// Classes that rows name and that are gone. How many there were.
int64_t nameLostClasses(const Database &database)
{
    std::set<int64_t> labels;
    auto rows = database.prepare("SELECT DISTINCT label, also FROM example");
    while (rows.step()) {
        Example row;
        if (!rows.isNull(0))
            row.label = rows.integer(0);
        readAlso(rows.textView(1), row);
        const LabelSet own = labelsOf(row);
        labels.insert(own.ids.begin(), own.ids.end());
    }
    int64_t named = 0;
    auto put = database.prepare("INSERT OR IGNORE INTO label (id, name, position, declared, colour) VALUES (?1, 'lost "
                                "name ' || ?1, 1000 + ?1, 1, ?1)");
    for (const int64_t label : labels) {
        put.bind(label).run();
        named += database.changes();
    }
    return named;
}

/// What still contradicts itself is put right: classes without names, parts of runs that are gone.
void reconcile(const Database &database, SalvageReport &report)
{
    report.namelessClasses = nameLostClasses(database);
    database.execute("UPDATE example SET label = NULL WHERE label NOT IN (SELECT id FROM label)");
    for (const char *table : {"run_row", "metric_point", "checkpoint", "prediction"})
        database.execute(
            std::string("DELETE FROM ").append(table).append(" WHERE run NOT IN (SELECT id FROM run)").c_str());
    database.execute("UPDATE run SET state = 'interrupted' WHERE state = 'running'");
}

void describe(const Database &database, const fs::path &damaged, SalvageReport &report)
{
    auto put = database.prepare("INSERT OR IGNORE INTO setting (key, value) VALUES (?, ?)");
    for (const auto &[key, value] :
         {std::pair(keys::Name, damaged.filename().string()), std::pair(keys::TaskDescription, std::string()),
          std::pair(keys::OtherFields, std::string())}) {
        put.bind(std::string_view(key.text)).bind(value).run();
        report.descriptionLost = report.descriptionLost || database.changes() > 0;
    }
}

/// The regular files of a run, but no links. A checkpoint that is not whole is left out and reported.
Result<void> copyRun(const fs::path &from, const fs::path &to, const std::string &run, SalvageReport &report)
{
    std::error_code code;
    if (fs::is_symlink(from, code) || fs::is_symlink(from.parent_path(), code))
        return {};
    for (auto entry = fs::recursive_directory_iterator(from, code);
         !code && entry != fs::recursive_directory_iterator(); entry.increment(code)) {
        const fs::path target = to / entry->path().lexically_relative(from);
        std::error_code copied;
        if (entry->is_symlink(copied) || entry.depth() > MostFolders) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file(copied)) {
            fs::create_directories(target.parent_path(), copied);
            fs::copy_file(entry->path(), target, copied);
        }
        if (copied == std::errc::no_space_on_device)
            return base::Failure(base::systemError(copied.value(), target));
        // What else could not be copied shows below.
    }
    for (const auto &epoch : fs::directory_iterator(to / "checkpoints", code)) {
        if (engine::SafetensorsFile::open(epoch.path() / "model.safetensors"))
            continue;
        report.lostCheckpoints.push_back(run + "/" + epoch.path().filename().string());
        fs::remove_all(epoch.path(), code);
    }
    return {};
}

/// What teachers answered is a file of its own, which was paid for. False: there is one, and it could not be copied.
bool copyAnswers(const fs::path &from, const fs::path &to)
{
    std::error_code code;
    for (const char *end : {"", "-wal"}) {
        const std::string name = std::string(Service::AnswersName) + end;
        if (fs::is_regular_file(fs::symlink_status(from / name, code)))
            fs::copy_file(from / name, to / name, code);
        if (code && code != std::errc::no_such_file_or_directory) {
            fs::remove(to / Service::AnswersName, code);
            return false;
        }
    }
    return true;
}

Result<SalvageReport> fill(const Service &service, const fs::path &damaged, const base::WorkContext &context)
{
    SalvageReport report;
    const fs::path file = damaged / Service::DatabaseName;
    const Database &database = service.database();
    report.logLeftOut = shouldLeaveLogOut(file, service.folder() / "probe");
    TRY(guardStore([&]() -> Result<void> {
        Transaction transaction(database);
        database.execute("PRAGMA defer_foreign_keys = ON; DELETE FROM setting");
        Records records(database, EditJournal::begin(database, "Salvage rows", EditState::Applied).edit());
        TRY(scan(file, !report.logLeftOut, context, &report, [&](const auto &r) { records.add(r); }));
        const int64_t own = count(database, "example");
        auto backups = backupsIn(damaged / "backups");
        std::reverse(backups.begin(), backups.end());
        const auto misses = [&] {
            return !records.lost().empty() || count(database, "setting WHERE key = 'name'") == 0 ||
                   count(database, "example WHERE label NOT IN (SELECT id FROM label)") > 0;
        };
        for (const fs::path &backup : backups) {
            if (!misses())
                break;
            auto read = scan(backup, false, context, nullptr, [&](const auto &r) { records.addMissing(r); });
            if (!read && read.error().code == ErrorCode::Cancelled)
                return read;
        }
        report.rows = count(database, "example");
        report.rowsFromBackups = report.rows - own;
        for (const auto &[id, split] : records.lost())
            ++report.lostRows[static_cast<size_t>(split)];
        report.unusedNumbers = records.unusedNumbers();
        if (report.rows == 0 && count(database, "label") == 0)
            return failure(ErrorCode::Corrupt,
                           "Not one row or class could be read from this service's data file or its backups.",
                           damaged.string());
        reconcile(database, report);
        report.mendedTexts = records.mendedTexts();
        report.classes = count(database, "label WHERE removed = 0 AND declared = 1");
        describe(database, damaged, report);
        transaction.commit();
        return {};
    }));
    auto runs = TRY(RunStore(database).runs());
    for (const RunInfo &run : runs) {
        TRY(copyRun(damaged / "runs" / run.id, service.runFolder(run.id), run.id, report));
    }
    auto unreadable = TRY(RunStore(database).unreadable());
    for (const UnreadableRun &run : unreadable) {  // of a newer program, which may read them again
        TRY(copyRun(damaged / "runs" / run.id, service.runFolder(run.id), run.id, report));
        report.unreadableRuns.push_back(run.id);
    }
    report.runs = static_cast<int64_t>(runs.size());
    report.answersLost = !copyAnswers(damaged, service.folder());
    std::string text;
    for (const std::string &line : report.lines())
        text += line + "\n";
    TRY(base::writeFile(service.folder() / "salvage-report.txt", text));
    return report;
}

}  // namespace

Result<SalvageReport> salvage(const fs::path &damaged, const fs::path &target, const base::WorkContext &context)
{
    std::error_code code;
    if (!fs::exists(damaged / Service::DatabaseName, code))
        return failure(ErrorCode::NotFound, "There is no service.sqlite in this folder.", damaged.string());
    SalvageReport report;
    TRY(Service::create(target, damaged.filename().string(), {}, [&](Service &service) -> Result<void> {
        report = TRY(fill(service, damaged, context));
        return {};
    }));
    return report;
}

}  // namespace core
