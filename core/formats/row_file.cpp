// SPDX-License-Identifier: Apache-2.0
#include "core/formats/row_file.h"

#include "core/base/atomic_file.h"
#include "core/formats/csv.h"
#include "core/formats/encoding.h"
#include "core/formats/jsonl.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

Result<RecordFile> readRowFile(const std::filesystem::path &path)
{
    std::string ending = path.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool csv = ending == ".csv" || ending == ".tsv" || ending == ".txt" || ending == ".tab";
    const bool json = ending == ".jsonl" || ending == ".json" || ending == ".ndjson";
    if (!csv && !json)
        return failure(base::ErrorCode::Unsupported,
                       "This kind of file cannot be read as rows. Save it as CSV (.csv) or JSON lines (.jsonl).",
                       path.string());
    auto bytes = base::readFile(path);
    if (!bytes)
        return failure(bytes);
    auto decoded = decodeText(std::move(*bytes), path.string());
    if (!decoded)
        return failure(decoded);
    RecordFile file = json ? parseJsonRows(decoded->text) : parseCsv(decoded->text, detectSeparator(decoded->text));
    file.encoding = decoded->encoding;
    if (csv && file.columns.empty())
        return failure(base::ErrorCode::InvalidInput, "This file is empty: there is not even a header row.",
                       path.string());
    return file;
}

}  // namespace core
