// SPDX-License-Identifier: Apache-2.0
// One SQLite connection, its statements and transactions.
#pragma once

#include "core/base/error.h"
#include "core/base/failpoint.h"
#include "core/base/result_guard.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace core {

/// Thrown inside core/store only; guardStore turns it into the Error it carries.
struct StoreError {
    base::Error error;
};

/// A prepared statement. Bind, then step; reset to use it again.
class Statement {
public:
    Statement(sqlite3 *database, std::string_view sql);
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;

    Statement &bind(int64_t value);
    Statement &bind(double value);
    Statement &bind(std::string_view text);
    Statement &bind(std::optional<int64_t> value);
    Statement &bind(std::optional<double> value);
    Statement &bindBlob(std::span<const std::byte> bytes);

    /// Whether there is a row. Throws StoreError.
    bool step();
    /// Runs to the end and resets.
    void run();
    void reset();

    [[nodiscard]] int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string_view textView(int column) const;  ///< valid until the next step
    [[nodiscard]] std::span<const std::byte> blob(int column) const;
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] bool isText(int column) const;

private:
    sqlite3_stmt *m_statement = nullptr;
    int m_next = 1;
};

enum class OpenMode { ReadWrite, Create, ReadOnly };

/// What a file of the newest version holds, and the steps from older ones.
struct Schema {
    int version = 0;
    const char *sql = "";                  ///< makes an empty file one of `version`
    std::vector<const char *> migrations;  ///< [i] leads from version i + 1 to i + 2
};

/// The schema of this program.
[[nodiscard]] const Schema &currentSchema();

/// A connection belongs to one thread at a time. WAL; every commit is durable (synchronous FULL).
class Database {
public:
    /// Opens and, if needed, upgrades: first a copy is made in `backups`, then all steps are done in one
    /// transaction. A newer file is refused (Newer), and so is an older one where it cannot be upgraded. A folder that
    /// cannot be written is opened read-only as it stands.
    [[nodiscard]] static base::Result<Database> open(const std::filesystem::path &path, OpenMode mode,
                                                     const Schema &schema = currentSchema());
    ~Database();
    Database(Database &&other) noexcept;
    Database &operator=(Database &&) = delete;

    [[nodiscard]] Statement prepare(std::string_view sql) const { return {m_handle, sql}; }
    void execute(const char *sql) const;
    [[nodiscard]] int64_t lastInsertId() const;
    [[nodiscard]] int64_t changes() const;
    /// Grows when another connection has committed.
    [[nodiscard]] int64_t dataVersion() const;
    [[nodiscard]] std::filesystem::path path() const;
    /// Reads every page (SQLite's quick_check, about a second for 3 million rows); Corrupt when one is damaged.
    [[nodiscard]] base::Result<void> quickCheck() const;
    [[nodiscard]] bool isReadOnly() const { return m_readOnly; }
    [[nodiscard]] sqlite3 *handle() const { return m_handle; }

private:
    explicit Database(sqlite3 *handle) : m_handle(handle) { }
    void initialise(OpenMode mode, const Schema &schema);
    void upgrade(const Schema &schema, int from);
    void upgradeSteps(const Schema &schema, int from);
    [[nodiscard]] int userVersion() const;
    sqlite3 *m_handle = nullptr;
    bool m_readOnly = false;
};

/// BEGIN IMMEDIATE, rolled back unless committed.
class Transaction {
public:
    explicit Transaction(const Database &database);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    void commit();

private:
    const Database &m_database;
    bool m_open = true;
};

/// Foreign keys are not looked at as long as it lives; afterwards they are again, however it ends. Not inside a
/// transaction, where SQLite would not listen.
class WithoutForeignKeys {
public:
    explicit WithoutForeignKeys(const Database &database);
    ~WithoutForeignKeys();
    WithoutForeignKeys(const WithoutForeignKeys &) = delete;
    WithoutForeignKeys &operator=(const WithoutForeignKeys &) = delete;

private:
    const Database &m_database;
};

/// What is read meanwhile is of one moment, whatever others write. No transaction may begin on this connection before
/// it ends. Throws StoreError.
class Snapshot {
public:
    explicit Snapshot(const Database &database);
    ~Snapshot();
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;

private:
    const Database &m_database;
};

/// A failpoint of the store: throws StoreError where it must fail.
void storeFailpoint(base::FailpointName name);

/// The border of core/store: what is thrown becomes a failed Result.
template <class F>
[[nodiscard]] auto guardStore(F &&f) -> decltype(f())
{
    try {
        return f();
    } catch (const StoreError &e) {
        return base::Failure(e.error);
    } catch (...) {
        return base::guard({}, []() -> decltype(f()) { throw; });
    }
}

}  // namespace core
