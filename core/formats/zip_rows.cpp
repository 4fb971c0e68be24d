// SPDX-License-Identifier: Apache-2.0
#include "core/formats/zip_rows.h"

#include "core/base/atomic_file.h"
#include "core/formats/file_kind.h"
#include "core/formats/passed_over.h"
#include "core/formats/zip_archive.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr uint64_t MostBytes = 256 << 20;
/// Data sets with a file for each text have many.
constexpr ZipLimits Limits{100'000, "Pack it anew, or unpack it and choose the folder."};
constexpr size_t SeenBytes = 64 << 10;

/// A name that ends like a file of another kind; without an ending the content says it.
std::string reasonAgainst(const ZipArchive &archive, const std::string &entry)
{
    if (auto reason = whyNotByName(entry))
        return *reason;
    const FileLook look = lookOfName(entry);
    if (look.kind == FileKind::Zip)
        return "Zip files in a zip file are not read. Unpack it.";
    if (look.kind != FileKind::Unknown)
        return {};
    const std::string content = archive.read(entry).value_or("");
    return whyNotByContent(entry, std::string_view(content).substr(0, SeenBytes)).value_or("");
}

}  // namespace

Result<ZipContents> zipContentsOf(std::string bytes, const std::string &subject)
{
    auto archive = TRY(ZipArchive::open(std::move(bytes), subject, Limits));
    ZipContents contents;
    for (const std::string &entry : archive.entries()) {
        std::string reason = reasonAgainst(archive, entry);
        if (reason.empty())
            contents.entries.push_back(entry);
        else
            contents.leftOut.push_back({entry, std::move(reason)});
    }
    std::sort(contents.entries.begin(), contents.entries.end());
    return contents;
}

Result<ZipContents> zipContents(const std::filesystem::path &path)
{
    auto bytes = TRY(base::readFile(path, MostBytes));
    return zipContentsOf(std::move(bytes), path.string());
}

Result<std::vector<std::string>> zipEntries(const std::filesystem::path &path)
{
    auto contents = TRY(zipContents(path));
    return std::move(contents.entries);
}

Result<std::string> readZipEntry(std::string bytes, const std::string &entry, const std::string &subject)
{
    auto archive = TRY(ZipArchive::open(std::move(bytes), subject, Limits));
    if (!archive.has(entry))
        return failure(base::ErrorCode::NotFound, "This zip file has no file \"" + entry + "\".", subject);
    return archive.read(entry);
}

}  // namespace core
