// SPDX-License-Identifier: Apache-2.0
#include "core/formats/jsonl.h"

#include "core/base/trimmed.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <optional>

using base::trimmed;

namespace core {

namespace {

/// A longer object is taken for a broken line.
constexpr int64_t MostLines = 200;

void addRow(RecordFile &file, int64_t number, base::Result<nlohmann::ordered_json> row)
{
    if (!row)
        file.rejections.push_back({number, row.error().message});
    else if (!row->is_object())
        file.rejections.push_back({number, "it is JSON, but no object with named fields"});
    else
        file.records.push_back({number, std::move(*row)});
}

std::string_view nextLine(std::string_view text, size_t &position)
{
    const size_t end = std::min(text.find('\n', position), text.size());
    const std::string_view line = text.substr(position, end - position);
    position = std::min(end + 1, text.size());
    return line;
}

/// An object written over several lines, as people paste it from a page.
struct SpreadObject {
    nlohmann::ordered_json value;
    size_t end = 0;  ///< position behind its last line
    int64_t lines = 0;
};

/// `start` is a line that holds a brace and nothing else. The object ends at the first line beginning with a brace
/// that makes it whole.
std::optional<SpreadObject> readSpreadObject(std::string_view text, size_t start)
{
    size_t i = start;
    for (int64_t lines = 1; i < text.size() && lines <= MostLines; ++lines) {
        if (!trimmed(nextLine(text, i)).starts_with('}'))
            continue;
        std::string_view whole = text.substr(start, i - start);
        whole = whole.substr(0, whole.find_last_of('}') + 1);  // a comma may follow
        if (auto value = engine::parseOrderedJson(whole))
            return SpreadObject{std::move(*value), i, lines};
    }
    return std::nullopt;
}

}  // namespace

RecordFile parseJsonRows(std::string_view text)
{
    RecordFile file;
    const auto content = text.find_first_not_of(" \t\r\n");
    if (content != std::string_view::npos && text[content] == '[') {
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
        const size_t start = i;
        const std::string_view line = nextLine(text, i);
        const int64_t row = ++number;
        if (trimmed(line).empty())
            continue;
        if (auto spread = trimmed(line) == "{" ? readSpreadObject(text, start) : std::nullopt) {
            addRow(file, row, std::move(spread->value));
            i = spread->end;
            number += spread->lines - 1;
        } else {
            addRow(file, row, engine::parseOrderedJson(line));
        }
    }
    return file;
}

}  // namespace core
