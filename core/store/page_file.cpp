// SPDX-License-Identifier: Apache-2.0
#include "core/store/page_file.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string_view>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int64_t FileHeader = 100;
constexpr int64_t UsualPageSize = 4096;
constexpr int64_t LogHeader = 32;
constexpr int64_t FrameHeader = 24;
constexpr size_t MostColumns = 64;  // no table of ours has a quarter of it

/// The kinds of pages that hold records.
enum PageKind : unsigned char { IndexInterior = 0x02, IndexLeaf = 0x0A, TableLeaf = 0x0D };

unsigned char byteAt(std::string_view bytes, size_t at)
{
    return static_cast<unsigned char>(bytes[at]);
}

uint64_t bigEndian(std::string_view bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i)
        value = value << 8 | byteAt(bytes, at + i);
    return value;
}

uint32_t littleEndian(std::string_view bytes, size_t at)
{
    return static_cast<uint32_t>(byteAt(bytes, at)) | static_cast<uint32_t>(byteAt(bytes, at + 1)) << 8 |
           static_cast<uint32_t>(byteAt(bytes, at + 2)) << 16 | static_cast<uint32_t>(byteAt(bytes, at + 3)) << 24;
}

/// Reads 1 to 9 bytes and moves `at` behind them; false: beyond the end.
bool readVarint(std::string_view bytes, size_t &at, uint64_t &value)
{
    value = 0;
    for (int i = 0; i < 9; ++i) {
        if (at >= bytes.size())
            return false;
        const unsigned char byte = byteAt(bytes, at++);
        if (i == 8) {
            value = value << 8 | byte;
            return true;
        }
        value = value << 7 | (byte & 0x7F);
        if (!(byte & 0x80))
            return true;
    }
    return true;
}

bool readAt(std::ifstream &file, int64_t offset, int64_t size, std::string &bytes)
{
    bytes.resize(static_cast<size_t>(size));
    file.clear();
    file.seekg(offset);
    file.read(bytes.data(), size);
    return file.gcount() == size;
}

/// The values of a record as described by its header.
bool readRecord(std::string_view payload, std::vector<PageValue> &values)
{
    size_t at = 0;
    uint64_t headerSize = 0;
    if (!readVarint(payload, at, headerSize) || headerSize > payload.size())
        return false;
    size_t body = headerSize;
    values.clear();
    while (at < headerSize) {
        uint64_t type = 0;
        if (!readVarint(payload.substr(0, headerSize), at, type) || values.size() >= MostColumns)
            return false;
        constexpr uint64_t Sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
        if (type == 10 || type == 11)
            return false;
        const uint64_t size = type < 10 ? Sizes[type] : (type - 12) / 2;
        if (size > payload.size() - body)
            return false;
        PageValue value;
        if (type >= 12) {
            value.kind = type % 2 == 1 ? PageValue::Kind::Text : PageValue::Kind::Blob;
            value.bytes = payload.substr(body, size);
        } else if (type == 7) {
            value.kind = PageValue::Kind::Real;
            value.real = std::bit_cast<double>(bigEndian(payload, body, 8));
        } else if (type != 0) {
            value.kind = PageValue::Kind::Integer;
            if (type >= 8) {
                value.integer = static_cast<int64_t>(type) - 8;
            } else {
                const auto unused = static_cast<int>(64 - 8 * size);  // shifted out and back for the sign
                value.integer = static_cast<int64_t>(bigEndian(payload, body, size) << unused) >> unused;
            }
        }
        values.push_back(std::move(value));
        body += size;
    }
    return body == payload.size();
}

}  // namespace

Result<PageFile> PageFile::open(const std::filesystem::path &path, bool withLog)
{
    std::error_code code;
    const auto size = static_cast<int64_t>(std::filesystem::file_size(path, code));
    PageFile file(path);
    if (code || !file.m_file)
        return failure(ErrorCode::NotFound, "This file cannot be read. Check that it exists and may be read.",
                       path.string());
    std::string header;
    file.m_pageSize = UsualPageSize;
    int64_t reserved = 0;
    if (readAt(file.m_file, 0, FileHeader, header) && header.starts_with("SQLite format 3")) {
        const auto said = static_cast<int64_t>(bigEndian(header, 16, 2));
        const int64_t pageSize = said == 1 ? 65536 : said;
        if (pageSize >= 512 && (pageSize & (pageSize - 1)) == 0) {
            file.m_pageSize = pageSize;
            reserved = byteAt(header, 20);
        }
    }
    file.m_usable = file.m_pageSize - (reserved < file.m_pageSize - 480 ? reserved : 0);
    file.m_numbers.resize(static_cast<size_t>(size / file.m_pageSize));
    std::iota(file.m_numbers.begin(), file.m_numbers.end(), int64_t{1});
    if (withLog) {
        file.readLog(path.string() + "-wal");
        for (const auto &[page, offset] : file.m_logged) {
            if (page > size / file.m_pageSize)
                file.m_numbers.push_back(page);
        }
    }
    if (file.m_numbers.empty())
        return failure(ErrorCode::Corrupt, "This file is too short to hold anything.", path.string());
    return file;
}

void PageFile::readLog(const std::filesystem::path &path)
{
    m_log.open(path, std::ios::binary);
    std::string header;
    if (!m_log || !readAt(m_log, 0, LogHeader, header))
        return;
    const uint64_t magic = bigEndian(header, 0, 4);
    if ((magic & ~uint64_t{1}) != 0x377F0682 || static_cast<int64_t>(bigEndian(header, 8, 4)) != m_pageSize)
        return;
    // The checksum runs through all frames; with the first that does not fit, the log ends.
    const bool isBigEndian = (magic & 1) != 0;
    uint32_t first = 0, second = 0;
    const auto add = [&](std::string_view bytes) {
        for (size_t at = 0; at + 8 <= bytes.size(); at += 8) {
            const auto word = [&](size_t where) {
                return isBigEndian ? static_cast<uint32_t>(bigEndian(bytes, where, 4)) : littleEndian(bytes, where);
            };
            first += word(at) + second;
            second += word(at + 4) + first;
        }
    };
    add(std::string_view(header).substr(0, 24));
    if (first != bigEndian(header, 24, 4) || second != bigEndian(header, 28, 4))
        return;
    std::map<int64_t, int64_t> open;  // of the transaction that is being read
    std::string frame;
    for (int64_t at = LogHeader; readAt(m_log, at, FrameHeader + m_pageSize, frame); at += FrameHeader + m_pageSize) {
        if (frame.compare(8, 8, header, 16, 8) != 0)
            return;
        add(std::string_view(frame).substr(0, 8));
        add(std::string_view(frame).substr(FrameHeader));
        if (first != bigEndian(frame, 16, 4) || second != bigEndian(frame, 20, 4))
            return;
        open[static_cast<int64_t>(bigEndian(frame, 0, 4))] = at + FrameHeader;
        if (bigEndian(frame, 4, 4) != 0) {  // it ends here
            for (const auto &[page, offset] : open)
                m_logged[page] = offset;
            open.clear();
        }
    }
}

bool PageFile::readPage(int64_t number, std::string &page)
{
    if (const auto logged = m_logged.find(number); logged != m_logged.end())
        return readAt(m_log, logged->second, m_pageSize, page);
    return readAt(m_file, (number - 1) * m_pageSize, m_pageSize, page);
}

bool PageFile::readPayload(const std::string &page, size_t at, uint64_t size, bool isTable, std::string &payload)
{
    const auto usable = static_cast<uint64_t>(m_usable);
    if (size > usable * static_cast<uint64_t>(pages()))
        return false;
    const uint64_t most = isTable ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    const uint64_t least = (usable - 12) * 32 / 255 - 23;
    uint64_t here = size;
    if (size > most) {
        here = least + (size - least) % (usable - 4);
        if (here > most)
            here = least;
    }
    if (at + here + (size > here ? 4 : 0) > usable)
        return false;
    payload.assign(page, at, here);
    auto next = size > here ? static_cast<int64_t>(bigEndian(page, at + here, 4)) : 0;
    std::string chained;
    while (payload.size() < size) {
        // A page belongs to one record: a chain that runs into itself or another ends there.
        if (!m_chained.insert(next).second || !readPage(next, chained))
            return false;
        payload.append(chained, 4, std::min<uint64_t>(size - payload.size(), usable - 4));
        next = static_cast<int64_t>(bigEndian(chained, 0, 4));
    }
    return true;
}

bool PageFile::readCell(const std::string &page, size_t at, unsigned char kind, PageRecord &record)
{
    if (kind == IndexInterior)
        at += 4;  // the page below
    uint64_t size = 0, rowid = 0;
    if (!readVarint(page, at, size))
        return false;
    record.hasRowid = kind == TableLeaf;
    if (record.hasRowid && !readVarint(page, at, rowid))
        return false;
    record.rowid = static_cast<int64_t>(rowid);
    std::string payload;
    return readPayload(page, at, size, record.hasRowid, payload) && readRecord(payload, record.values);
}

PageFile::Outcome PageFile::forEachRecord(const std::function<bool(int64_t page, const PageRecord &)> &visit)
{
    Outcome outcome;
    m_chained.clear();
    std::string page;
    PageRecord record;
    for (const int64_t number : m_numbers) {
        if (number == 1 || !readPage(number, page))  // the first holds the schema, which is known
            continue;
        const unsigned char kind = byteAt(page, 0);
        if (kind != TableLeaf && kind != IndexLeaf && kind != IndexInterior)
            continue;
        const size_t pointers = kind == IndexInterior ? 12 : 8;
        const auto cells = static_cast<size_t>(bigEndian(page, 3, 2));
        bool whole = true;
        for (size_t i = 0; i < cells; ++i) {
            if (pointers + 2 * i + 2 > static_cast<size_t>(m_usable)) {
                whole = false;
                break;
            }
            const auto at = static_cast<size_t>(bigEndian(page, pointers + 2 * i, 2));
            if (at < pointers + 2 * cells || at >= static_cast<size_t>(m_usable) || !readCell(page, at, kind, record)) {
                whole = false;
                continue;
            }
            if (!visit(number, record)) {
                outcome.stopped = true;
                return outcome;
            }
        }
        outcome.damagedPages += whole ? 0 : 1;
    }
    return outcome;
}

}  // namespace core
