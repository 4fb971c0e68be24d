// SPDX-License-Identifier: Apache-2.0
// Records straight from the pages of a SQLite file, for a file that SQLite itself refuses.
// Format: "Database File Format", sqlite.org/fileformat2.html.
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace core {

struct PageValue {
    enum class Kind { Null, Integer, Real, Text, Blob } kind = Kind::Null;
    int64_t integer = 0;
    double real = 0;
    std::string bytes;  ///< of a text or blob; a text need not be well-formed
};

/// A row of a table, or an entry of an index or of a table WITHOUT ROWID.
struct PageRecord {
    bool hasRowid = false;
    int64_t rowid = 0;
    std::vector<PageValue> values;
};

class PageFile {
public:
    /// Opens for reading only. `withLog`: pages committed to the file's -wal take the place of older ones. A file whose
    /// first page is lost is taken for one of 4,096-byte pages. Fails when it cannot be read or is shorter than a page.
    [[nodiscard]] static base::Result<PageFile> open(const std::filesystem::path &path, bool withLog);

    struct Outcome {
        int64_t damagedPages = 0;  ///< hold records, not all of which could be read
        bool stopped = false;
    };
    /// Visits the records of each page on its own, however the pages hang together; not in order, until `visit` says
    /// false. Memory for one record, which is no longer than the file; a page is read twice at most, whatever the file
    /// says.
    Outcome forEachRecord(const std::function<bool(int64_t page, const PageRecord &)> &visit);
    /// Pages that are there, in the file or behind its end in the log.
    [[nodiscard]] int64_t pages() const { return static_cast<int64_t>(m_numbers.size()); }

private:
    explicit PageFile(const std::filesystem::path &path) : m_file(path, std::ios::binary) { }
    void readLog(const std::filesystem::path &path);
    [[nodiscard]] bool readPage(int64_t number, std::string &page);
    [[nodiscard]] bool readCell(const std::string &page, size_t at, unsigned char kind, PageRecord &record);
    [[nodiscard]] bool readPayload(const std::string &page, size_t at, uint64_t size, bool isTable,
                                   std::string &payload);

    std::ifstream m_file;
    std::ifstream m_log;
    std::map<int64_t, int64_t> m_logged;  ///< page number to its offset in the log
    int64_t m_pageSize = 0;
    int64_t m_usable = 0;            ///< bytes of a page that may hold content
    std::vector<int64_t> m_numbers;  ///< of the pages that are there, ascending
    std::set<int64_t> m_chained;     ///< pages that a long record has been read from
};

}  // namespace core
