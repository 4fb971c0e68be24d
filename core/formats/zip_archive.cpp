// SPDX-License-Identifier: Apache-2.0
#include "core/formats/zip_archive.h"

#include <algorithm>
#include <vector>
#include <zip.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr uint64_t MostBytes = 256 << 20;
constexpr uint64_t FreeBytes = 1 << 20;  ///< below it no ratio is asked for
constexpr uint64_t MostRatio = 100;

tl::unexpected<base::Error> refuse(const std::string &reason, const std::string &subject, const std::string &advice)
{
    return failure(ErrorCode::InvalidInput, "This file is not read: " + reason + ". " + advice, subject);
}

uint64_t number(std::string_view bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
    return value;
}

struct StoredEntry {
    uint64_t offset = 0, packed = 0;
};

/// Where an entry of the central directory lies. Values too large for 32 bits stand in the extra field 1 (4.5.3).
StoredEntry storedEntry(std::string_view bytes, size_t at)
{
    constexpr uint64_t Elsewhere = 0xFFFFFFFF;
    StoredEntry entry{number(bytes, at + 42, 4), number(bytes, at + 20, 4)};
    const uint64_t unpacked = number(bytes, at + 24, 4);
    const std::string_view extra =
        bytes.substr(std::min(bytes.size(), at + 46 + number(bytes, at + 28, 2)), number(bytes, at + 30, 2));
    for (size_t field = 0; field + 4 <= extra.size(); field += 4 + number(extra, field + 2, 2)) {
        if (number(extra, field, 2) != 1)
            continue;
        size_t value = field + 4 + (unpacked == Elsewhere ? 8 : 0);
        for (uint64_t *wanted : {&entry.packed, &entry.offset}) {
            if (*wanted != Elsewhere || value + 8 > extra.size())
                continue;
            *wanted = number(extra, value, 8);
            value += 8;
        }
        break;
    }
    return entry;
}

/// Whether the entries of the central directory lie one behind the other (.ZIP File Format Specification 4.3). libzip
/// does not say where an entry lies, and entries that share bytes are how a small file becomes petabytes.
bool entriesAreApart(std::string_view bytes)
{
    const size_t end = bytes.rfind("PK\x05\x06");
    if (end == std::string_view::npos || end + 22 > bytes.size())
        return false;
    size_t at = number(bytes, end + 16, 4);
    if (at == 0xFFFFFFFF) {  // zip64: the record before the end says it (4.3.14)
        const size_t end64 = bytes.substr(0, end).rfind("PK\x06\x06");
        if (end64 == std::string_view::npos || end64 + 56 > end)
            return false;
        at = number(bytes, end64 + 48, 8);
    }
    std::vector<std::pair<uint64_t, uint64_t>> parts;
    while (at < end && end - at >= 46 && bytes.substr(at, 4) == "PK\x01\x02") {
        const StoredEntry entry = storedEntry(bytes, at);
        if (entry.offset > bytes.size() || bytes.size() - entry.offset < 30 || entry.packed > bytes.size())
            return false;
        const uint64_t header = 30 + number(bytes, entry.offset + 26, 2) + number(bytes, entry.offset + 28, 2);
        parts.emplace_back(entry.offset, entry.offset + header + entry.packed);
        at += 46 + number(bytes, at + 28, 2) + number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
    }
    std::sort(parts.begin(), parts.end());
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i].second > parts[i + 1].first)
            return false;
    }
    return parts.empty() || parts.back().second <= bytes.size();
}

/// Names of parts are compared so (ECMA-376 part 2, 6.2.2.3); some programs write backslashes.
std::string partName(const std::string &entry)
{
    std::string name = entry;
    for (char &c : name)
        c = c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return name.substr(std::min(name.find_first_not_of('/'), name.size()));
}

}  // namespace

void ZipArchive::Close::operator()(zip *archive) const
{
    zip_discard(archive);
}

Result<ZipArchive> ZipArchive::open(std::string bytes, const std::string &subject, const ZipLimits &limits)
{
    ZipArchive result;
    result.m_subject = subject;
    result.m_advice = limits.advice;
    const auto refused = [&](const std::string &reason) { return refuse(reason, subject, limits.advice); };
    result.m_bytes = std::make_unique<std::string>(std::move(bytes));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(result.m_bytes->data(), result.m_bytes->size(), 0, &error);
    result.m_archive.reset(source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) : nullptr);
    zip_error_fini(&error);
    if (!result.m_archive) {
        zip_source_free(source);
        return refused("it is damaged or cut off");
    }
    const zip_int64_t entries = zip_get_num_entries(result.m_archive.get(), 0);
    if (entries > limits.entries)
        return refused("it has " + std::to_string(entries) + " parts");
    if (!entriesAreApart(*result.m_bytes))
        return refused("its parts overlap");
    uint64_t total = 0;
    for (zip_int64_t i = 0; i < entries; ++i) {
        zip_stat_t stat;
        if (zip_stat_index(result.m_archive.get(), static_cast<zip_uint64_t>(i), 0, &stat) != 0 ||
            !(stat.valid & ZIP_STAT_SIZE) || !(stat.valid & ZIP_STAT_COMP_SIZE))
            return refused("it does not say how large its parts are");
        if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
            return failure(ErrorCode::Unsupported, "This file is protected by a password. Save it without one.",
                           subject);
        total += std::min(stat.size, MostBytes + 1);
        if (total > MostBytes)
            return refused("unpacked it would be larger than 256 MB");
        if (stat.size > FreeBytes && stat.size / MostRatio > stat.comp_size)
            return refused("a part of it is packed more than a hundred times smaller than it is");
        const std::string name(stat.valid & ZIP_STAT_NAME ? stat.name : "");
        if (name.empty() || name.ends_with('/'))
            continue;
        if (result.m_places.emplace(name, i).second)
            result.m_entries.push_back(name);
        result.m_placesOfParts.emplace(partName(name), i);
    }
    return result;
}

int64_t ZipArchive::find(const std::string &entry) const
{
    if (const auto exact = m_places.find(entry); exact != m_places.end())
        return exact->second;
    const auto part = m_placesOfParts.find(partName(entry));
    return part == m_placesOfParts.end() ? -1 : part->second;
}

bool ZipArchive::has(const std::string &entry) const
{
    return find(entry) >= 0;
}

Result<std::string> ZipArchive::read(const std::string &entry) const
{
    zip_stat_t stat;
    const auto index = static_cast<zip_uint64_t>(find(entry));
    if (!has(entry) || zip_stat_index(m_archive.get(), index, 0, &stat) != 0)
        return failure(ErrorCode::InvalidInput, "This file lacks its part " + entry + ". " + m_advice, m_subject);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(m_archive.get(), index, 0),
                                                                  &zip_fclose);
    std::string bytes(static_cast<size_t>(stat.size), '\0');
    char more = 0;
    // What is there, and nothing behind it: reading the end is also what compares the checksum.
    if (!file || zip_fread(file.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()) ||
        zip_fread(file.get(), &more, 1) != 0)
        return refuse("its part " + entry + " is damaged", m_subject, m_advice);
    return bytes;
}

}  // namespace core
