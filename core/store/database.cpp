// SPDX-License-Identifier: Apache-2.0
#include "core/store/database.h"

#include "core/base/atomic_file.h"

#include "core/store/backups.h"
#include "core/store/schema.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int BusyMilliseconds = 5000;

base::Error describe(sqlite3 *handle, int code)
{
    const char *file = handle ? sqlite3_db_filename(handle, "main") : nullptr;
    const std::string subject = file ? file : "";
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return {ErrorCode::DiskFull,
                "The disk is full, so this was not saved; what was saved before is unchanged. Free some space and try "
                "again.",
                subject};
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return {ErrorCode::ReadOnly,
                "This service may not be written here. Change the folder's permissions or copy the service elsewhere.",
                subject};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::Busy, "Another program is writing to this service. Try again in a moment.", subject};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return {ErrorCode::Corrupt,
                "The service's data file is damaged, and nothing was changed. Salvage what can be read of it into a "
                "new service, or put a whole copy of an earlier day from its folder \"backups\" in its place under the "
                "name service.sqlite.",
                subject};
    case SQLITE_CANTOPEN: {
        std::error_code gone;
        const int reason = handle ? sqlite3_system_errno(handle) : 0;
        if (reason == EIO || reason == ENOSPC || reason == EDQUOT)
            return base::systemError(reason, subject);
        if (std::filesystem::exists(subject, gone))  // then it is the file beside it that takes new changes
            return {ErrorCode::Io,
                    "The file for new changes cannot be made beside the service's data file, so this was not saved. "
                    "Check the disk and its free space, and try again.",
                    subject};
        return {ErrorCode::NotFound,
                "The service's data file cannot be opened. Check that the folder exists and may be read.", subject};
    }
    case SQLITE_NOMEM: return {ErrorCode::OutOfMemory, "Memory ran out. Close other programs and try again.", subject};
    case SQLITE_IOERR:
        return {ErrorCode::Io,
                "Reading or writing the service's data file stopped with an error of the disk. Check the disk and try "
                "again.",
                subject};
    default:
        return {ErrorCode::Internal,
                std::string("The data file answered: ") + (handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code)),
                subject};
    }
}

void check(sqlite3 *handle, int code)
{
    if (code != SQLITE_OK)
        throw StoreError{describe(handle, code)};
}

}  // namespace

Statement::Statement(sqlite3 *database, std::string_view sql)
{
    check(database, sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &m_statement, nullptr));
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement::Statement(Statement &&other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr)), m_next(other.m_next)
{
}

Statement &Statement::bind(int64_t value)
{
    check(sqlite3_db_handle(m_statement), sqlite3_bind_int64(m_statement, m_next++, value));
    return *this;
}

Statement &Statement::bind(double value)
{
    check(sqlite3_db_handle(m_statement), sqlite3_bind_double(m_statement, m_next++, value));
    return *this;
}

Statement &Statement::bind(std::string_view text)
{
    // A null pointer would bind NULL: an empty text must stay a text.
    const char *data = text.data() ? text.data() : "";
    check(sqlite3_db_handle(m_statement),
          sqlite3_bind_text64(m_statement, m_next++, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement &Statement::bind(std::optional<int64_t> value)
{
    if (value)
        return bind(*value);
    check(sqlite3_db_handle(m_statement), sqlite3_bind_null(m_statement, m_next++));
    return *this;
}

Statement &Statement::bind(std::optional<double> value)
{
    if (value)
        return bind(*value);
    check(sqlite3_db_handle(m_statement), sqlite3_bind_null(m_statement, m_next++));
    return *this;
}

Statement &Statement::bindBlob(std::span<const std::byte> bytes)
{
    check(sqlite3_db_handle(m_statement),
          sqlite3_bind_blob64(m_statement, m_next++, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

bool Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    sqlite3 *handle = sqlite3_db_handle(m_statement);
    const auto error = describe(handle, code);
    sqlite3_reset(m_statement);
    throw StoreError{error};
}

void Statement::run()
{
    while (step()) {
    }
    reset();
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_next = 1;
}

int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string_view Statement::textView(int column) const
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return data ? std::string_view(data, static_cast<size_t>(sqlite3_column_bytes(m_statement, column)))
                : std::string_view();
}

std::string Statement::text(int column) const
{
    return std::string(textView(column));
}

std::span<const std::byte> Statement::blob(int column) const
{
    const auto *data = static_cast<const std::byte *>(sqlite3_column_blob(m_statement, column));
    return {data, static_cast<size_t>(sqlite3_column_bytes(m_statement, column))};
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

bool Statement::isText(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_TEXT;
}

/// Version 2: changes of classes and settings are journaled like those of rows.
constexpr const char *EditableClasses = R"(
ALTER TABLE label ADD COLUMN colour INTEGER NOT NULL DEFAULT 0;
ALTER TABLE label ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
UPDATE label SET colour = position;
CREATE INDEX example_in_order ON example (state, split);
CREATE TABLE label_change (
    edit INTEGER NOT NULL REFERENCES edit (id), label INTEGER NOT NULL REFERENCES label (id), field TEXT NOT NULL,
    old, new, PRIMARY KEY (edit, label, field)) WITHOUT ROWID;
CREATE TABLE setting_change (
    edit INTEGER NOT NULL REFERENCES edit (id), key TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
    PRIMARY KEY (edit, key)) WITHOUT ROWID;
)";

/// Version 2 to 3: names are unique among the classes that are there; rows have comments and places.
constexpr const char *NamesOfTheLiving = R"(
CREATE TABLE label_3 (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', position INTEGER NOT NULL,
    declared INTEGER NOT NULL DEFAULT 1, colour INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,
    belongs TEXT NOT NULL DEFAULT '[]', resembles TEXT NOT NULL DEFAULT '[]');
INSERT INTO label_3 (id, name, description, position, declared, colour, removed)
    SELECT id, name, description, position, declared, colour, removed FROM label;
DROP TABLE label;
ALTER TABLE label_3 RENAME TO label;
CREATE UNIQUE INDEX label_name ON label (name) WHERE removed = 0;
CREATE INDEX edit_by_state ON edit (state);
ALTER TABLE example ADD COLUMN comment TEXT NOT NULL DEFAULT '';
ALTER TABLE example ADD COLUMN place TEXT NOT NULL DEFAULT '';
)";

/// Version 3 to 4: a row may have several labels, and a row that it was made from.
constexpr const char *SeveralLabels = R"(
ALTER TABLE example ADD COLUMN also TEXT NOT NULL DEFAULT '';
ALTER TABLE example ADD COLUMN parent INTEGER;
CREATE INDEX example_with_several ON example (state, split) WHERE also <> '';
)";

/// Version 4 to 5: exams of teachers are kept like runs.
constexpr const char *Exams = R"(
ALTER TABLE run ADD COLUMN examined TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN facts TEXT NOT NULL DEFAULT '';
)";

/// Version 5 to 6: rows keep the other columns of their file, and which file that was.
constexpr const char *FilesOfRows = R"(
ALTER TABLE example ADD COLUMN extra TEXT NOT NULL DEFAULT '';
ALTER TABLE example ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE example ADD COLUMN content INTEGER NOT NULL DEFAULT 0;
CREATE INDEX example_with_extra ON example (state, split) WHERE extra <> '';
)";

const Schema &currentSchema()
{
    static const Schema schema{6, SchemaSql, {EditableClasses, NamesOfTheLiving, SeveralLabels, Exams, FilesOfRows}};
    return schema;
}

Result<Database> Database::open(const std::filesystem::path &path, OpenMode mode, const Schema &schema)
{
    return guardStore([&]() -> Result<Database> {
        std::error_code code;
        if (mode != OpenMode::Create && !std::filesystem::exists(path, code))
            return failure(ErrorCode::NotFound, "There is no service here. Check the path, or create one.",
                           path.parent_path().string());
        if (mode == OpenMode::ReadWrite &&
            (::access(path.c_str(), W_OK) != 0 || ::access(path.parent_path().c_str(), W_OK) != 0))
            mode = OpenMode::ReadOnly;
        sqlite3 *handle = nullptr;
        int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
        std::string name = "file:";
        for (const char c : path.string()) {  // the characters that mean something in a URI
            static constexpr char Hex[] = "0123456789ABCDEF";
            if (c == '%' || c == '?' || c == '#') {
                name += '%';
                name += Hex[static_cast<unsigned char>(c) >> 4];
                name += Hex[c & 15];
            } else {
                name += c;
            }
        }
        if (mode == OpenMode::ReadOnly) {
            flags |= SQLITE_OPEN_READONLY;
            // Without a writable folder WAL's shared memory cannot be made. Where a WAL is left over, it must be
            // read, so only a clean file is declared immutable.
            if (!std::filesystem::exists(path.string() + "-wal", code))
                name += "?immutable=1";
        } else {
            flags |= SQLITE_OPEN_READWRITE | (mode == OpenMode::Create ? SQLITE_OPEN_CREATE : 0);
        }
        const int opened = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
        Database database(handle);
        // SQLite tries once more for reading alone, so its errno tells of a file that is not there yet.
        if (mode == OpenMode::Create && (opened & 0xFF) == SQLITE_CANTOPEN &&
            ::access(path.parent_path().c_str(), W_OK) == 0)
            return failure(ErrorCode::Io,
                           "The service's data file cannot be made in its folder. Check the disk and its free space, "
                           "and try again.",
                           path.string());
        check(handle, opened);
        database.m_readOnly = mode == OpenMode::ReadOnly;
        database.initialise(mode, schema);
        return database;
    });
}

void Database::initialise(OpenMode mode, const Schema &schema)
{
    sqlite3_extended_result_codes(m_handle, 1);
    sqlite3_busy_timeout(m_handle, BusyMilliseconds);
    // A stranger's file is data, not a program.
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    execute("PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON");
    const int found = userVersion();
    const std::string file = sqlite3_db_filename(m_handle, "main");
    if (found > schema.version)
        throw StoreError{{ErrorCode::Newer,
                          "This service was written by a newer version of Stillroom. Update Stillroom to open it; "
                          "nothing was changed.",
                          file}};
    if (found == 0 && mode != OpenMode::Create)
        throw StoreError{{ErrorCode::Corrupt, "This file is no service of Stillroom.", file}};
    if (mode == OpenMode::ReadOnly) {
        if (found < schema.version)
            throw StoreError{{ErrorCode::ReadOnly,
                              "This service is of an older version and must be upgraded before it can be read, but "
                              "this folder may not be written. Copy it to a place that may.",
                              file}};
        return;
    }
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA "
            "journal_size_limit = 16777216");
    if (found < schema.version)
        upgrade(schema, found);
}

int Database::userVersion() const
{
    auto version = prepare("PRAGMA user_version");
    version.step();
    return static_cast<int>(version.integer(0));
}

void Database::upgrade(const Schema &schema, int from)
{
    if (from > 0)
        writeBackup(*this, "version-" + std::to_string(from));
    // A table that others refer to is made anew in some steps (https://www.sqlite.org/lang_altertable.html, 7).
    const WithoutForeignKeys unchecked(*this);
    upgradeSteps(schema, from);
}

void Database::upgradeSteps(const Schema &schema, int from)
{
    Transaction transaction(*this);
    // Another process may have done it while this one waited.
    if (userVersion() != from)
        return;
    if (from == 0)
        execute(schema.sql);
    for (int version = std::max(from, 1); from > 0 && version < schema.version; ++version)
        execute(schema.migrations.at(static_cast<size_t>(version) - 1));
    storeFailpoint("store.upgrade.step");
    execute(("PRAGMA user_version = " + std::to_string(schema.version)).c_str());
    transaction.commit();
}

std::filesystem::path Database::path() const
{
    return sqlite3_db_filename(m_handle, "main");
}

base::Result<void> Database::quickCheck() const
{
    return guardStore([&]() -> base::Result<void> {
        auto check = prepare("PRAGMA quick_check(1)");
        if (!check.step() || check.textView(0) != "ok")
            throw StoreError{describe(m_handle, SQLITE_CORRUPT)};
        return {};
    });
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Database::Database(Database &&other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr)), m_readOnly(other.m_readOnly)
{
}

void Database::execute(const char *sql) const
{
    check(m_handle, sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr));
}

int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

int64_t Database::changes() const
{
    return sqlite3_changes64(m_handle);
}

int64_t Database::dataVersion() const
{
    auto statement = prepare("PRAGMA data_version");
    statement.step();
    return statement.integer(0);
}

void storeFailpoint(base::FailpointName name)
{
    if (const int code = base::failpointError(name))
        throw StoreError{describe(nullptr, code == EIO ? SQLITE_IOERR : SQLITE_FULL)};
}

WithoutForeignKeys::WithoutForeignKeys(const Database &database) : m_database(database)
{
    m_database.execute("PRAGMA foreign_keys = OFF");
}

WithoutForeignKeys::~WithoutForeignKeys()
{
    // No exception: another one may be on its way.
    ::sqlite3_exec(m_database.handle(), "PRAGMA foreign_keys = ON", nullptr, nullptr, nullptr);
}

Transaction::Transaction(const Database &database) : m_database(database)
{
    if (database.isReadOnly())
        throw StoreError{describe(database.handle(), SQLITE_READONLY)};
    storeFailpoint("store.begin");
    m_database.execute("BEGIN IMMEDIATE");
}

Snapshot::Snapshot(const Database &database) : m_database(database)
{
    m_database.execute("BEGIN");
}

Snapshot::~Snapshot()
{
    sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Transaction::~Transaction()
{
    if (m_open)
        sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit()
{
    storeFailpoint("store.commit.before");
    m_database.execute("COMMIT");
    m_open = false;
    storeFailpoint("store.commit.after");
}

}  // namespace core
