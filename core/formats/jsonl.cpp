// SPDX-License-Identifier: Apache-2.0
#include "core/formats/jsonl.h"

#include "core/engine/json/strict_json.h"

#include <algorithm>

namespace core {

namespace {

void addRow(RecordFile &file, int64_t number, base::Result<nlohmann::ordered_json> row)
{
    if (!row)
        file.rejections.push_back({number, row.error().message});
    else if (!row->is_object())
        file.rejections.push_back({number, "it is JSON, but no object with named fields"});
    else
        file.records.push_back({number, std::move(*row)});
}

}  // namespace

RecordFile parseJsonRows(std::string_view text)
{
    RecordFile file;
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos && text[start] == '[') {
        if (auto array = engine::parseOrderedJson(text)) {
            int64_t number = 0;
            for (auto &row : *array)
                addRow(file, ++number, std::move(row));
            return file;
        }
        // Not an array after all, or a broken one: the lines say more about where.
    }
    int64_t number = 0;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find('\n', i), text.size());
        const std::string_view line = text.substr(i, end - i);
        i = end + 1;
        ++number;
        if (line.find_first_not_of(" \t\r") != std::string_view::npos)
            addRow(file, number, engine::parseOrderedJson(line));
    }
    return file;
}

}  // namespace core
