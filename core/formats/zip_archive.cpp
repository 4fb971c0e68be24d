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

constexpr zip_int64_t MostEntries = 1000;
constexpr uint64_t MostBytes = 256 << 20;
constexpr uint64_t FreeBytes = 1 << 20;  ///< below it no ratio is asked for
constexpr uint64_t MostRatio = 100;

tl::unexpected<base::Error> refuse(const std::string &reason, const std::string &subject)
{
    return failure(ErrorCode::InvalidInput,
                   "This file is not read: " + reason + ". Save it anew with an office program.", subject);
}

uint64_t number(std::string_view bytes, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = size; i > 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i - 1]);
    return value;
}

/// Whether the entries of the central directory lie one behind the other (.ZIP File Format Specification 4.3). libzip
/// does not say where an entry lies, and entries that share bytes are how a small file becomes petabytes.
bool entriesAreApart(std::string_view bytes)
{
    const size_t end = bytes.rfind("PK\x05\x06");
    if (end == std::string_view::npos || end + 22 > bytes.size())
        return false;
    size_t at = number(bytes, end + 16, 4);
    std::vector<std::pair<uint64_t, uint64_t>> parts;
    while (at + 46 <= end && bytes.substr(at, 4) == "PK\x01\x02") {
        const uint64_t offset = number(bytes, at + 42, 4);
        if (offset > bytes.size() || bytes.size() - offset < 30)
            return false;
        const uint64_t header = 30 + number(bytes, offset + 26, 2) + number(bytes, offset + 28, 2);
        parts.emplace_back(offset, offset + header + number(bytes, at + 20, 4));
        at += 46 + number(bytes, at + 28, 2) + number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
    }
    std::sort(parts.begin(), parts.end());
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
        if (parts[i].second > parts[i + 1].first)
            return false;
    }
    return parts.empty() || parts.back().second <= bytes.size();
}

}  // namespace

void ZipArchive::Close::operator()(zip *archive) const
{
    zip_discard(archive);
}

Result<ZipArchive> ZipArchive::open(std::string bytes, const std::string &subject)
{
    ZipArchive result;
    result.m_subject = subject;
    result.m_bytes = std::make_unique<std::string>(std::move(bytes));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(result.m_bytes->data(), result.m_bytes->size(), 0, &error);
    result.m_archive.reset(source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) : nullptr);
    zip_error_fini(&error);
    if (!result.m_archive) {
        zip_source_free(source);
        return refuse("it is damaged or cut off", subject);
    }
    const zip_int64_t entries = zip_get_num_entries(result.m_archive.get(), 0);
    if (entries > MostEntries)
        return refuse("it has " + std::to_string(entries) + " parts", subject);
    if (!entriesAreApart(*result.m_bytes))
        return refuse("its parts overlap", subject);
    uint64_t total = 0;
    for (zip_int64_t i = 0; i < entries; ++i) {
        zip_stat_t stat;
        if (zip_stat_index(result.m_archive.get(), static_cast<zip_uint64_t>(i), 0, &stat) != 0 ||
            !(stat.valid & ZIP_STAT_SIZE) || !(stat.valid & ZIP_STAT_COMP_SIZE))
            return refuse("it does not say how large its parts are", subject);
        if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
            return failure(ErrorCode::Unsupported, "This file is protected by a password. Save it without one.",
                           subject);
        total += std::min(stat.size, MostBytes + 1);
        if (total > MostBytes)
            return refuse("unpacked it would be larger than 256 MB", subject);
        if (stat.size > FreeBytes && stat.size / MostRatio > stat.comp_size)
            return refuse("a part of it is packed more than a hundred times smaller than it is", subject);
    }
    return result;
}

bool ZipArchive::has(const std::string &entry) const
{
    return zip_name_locate(m_archive.get(), entry.c_str(), 0) >= 0;
}

Result<std::string> ZipArchive::read(const std::string &entry) const
{
    zip_stat_t stat;
    if (zip_stat(m_archive.get(), entry.c_str(), 0, &stat) != 0)
        return failure(ErrorCode::InvalidInput, "This file lacks its part " + entry + ". Save it anew.", m_subject);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(m_archive.get(), entry.c_str(), 0),
                                                                  &zip_fclose);
    std::string bytes(static_cast<size_t>(stat.size), '\0');
    char more = 0;
    // What is there, and nothing behind it: reading the end is also what compares the checksum.
    if (!file || zip_fread(file.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()) ||
        zip_fread(file.get(), &more, 1) != 0)
        return refuse("its part " + entry + " is damaged", m_subject);
    return bytes;
}

}  // namespace core
