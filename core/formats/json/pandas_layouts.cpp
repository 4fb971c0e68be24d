// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/array_rows.h"
#include "core/formats/json/column_words.h"
#include "core/formats/json/document_layouts.h"
#include "core/formats/json/json_scan.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

using nlohmann::ordered_json;

namespace core {

namespace {

/// A column by text; a cell that a row lacks is empty.
struct Column {
    std::string name;
    std::vector<std::string_view> cells;
};

void addRows(const std::vector<Column> &columns, size_t rows, const std::vector<std::string> &ids, RowSink &sink)
{
    for (size_t i = 0; i < rows; ++i) {
        const int64_t number = sink.nextNumber();
        ordered_json fields = ordered_json::object();
        std::string reason;
        if (!ids.empty())
            appendField(fields, "id", ids[i]);
        for (const Column &column : columns) {
            const std::string_view cell = i < column.cells.size() ? column.cells[i] : std::string_view();
            auto value = cell.empty() ? ordered_json() : sink.parse(number, cell);
            if (value)
                appendField(fields, column.name, std::move(*value));
            else if (reason.empty())
                reason = "its value of \"" + column.name.substr(0, 40) + "\" is no JSON";
        }
        if (reason.empty())
            sink.add(number, std::move(fields));
        else
            sink.reject(number, std::move(reason));
    }
    for (const Column &column : columns)
        sink.file().columns.push_back(column.name);
}

/// Columns that a cut took away would leave rows without their labels.
bool refuseCut(const JsonObject &object, RowSink &sink)
{
    if (!object.closed)
        sink.reject(sink.nextNumber(), "the file ends in the middle of its columns, so no row of it is whole");
    return !object.closed;
}

/// Whether the names are 0, 1, 2 and so on.
bool countUp(const std::vector<std::string> &names)
{
    for (size_t i = 0; i < names.size(); ++i) {
        if (names[i] != std::to_string(i))
            return false;
    }
    return true;
}

/// {"text": {"0": "late again", "1": ...}, "label": {"0": ...}}: rows by the names within the columns.
void readColumns(const JsonObject &object, RowSink &sink)
{
    if (refuseCut(object, sink))
        return;
    std::unordered_map<std::string_view, size_t> rowOf;
    std::vector<std::string> ids;
    std::vector<Column> columns;
    for (const JsonMember &member : object.members) {
        Column column{member.name, {}};
        JsonParts parts(member.value);
        while (parts.next()) {
            const std::string_view key = parts.key();
            // Columns mostly name the same rows in the same order.
            const auto found = rowOf.find(key);
            const size_t row = found == rowOf.end() ? ids.size() : found->second;
            if (found == rowOf.end()) {
                rowOf.emplace(key, row);
                ids.push_back(unquoted(key));
            }
            if (column.cells.size() <= row)
                column.cells.resize(row + 1);
            column.cells[row] = parts.value();
        }
        columns.push_back(std::move(column));
    }
    const size_t rows = ids.size();
    const bool hasId = object.find("id") || object.find("index");
    addRows(columns, rows, hasId || countUp(ids) ? std::vector<std::string>() : ids, sink);
    sink.note("This file is a table of pandas, column by column.");
}

/// {"0": {"text": "late again", "label": "delivery"}, "1": {...}}
void readIndex(const JsonObject &object, RowSink &sink)
{
    std::vector<std::string> ids;
    for (const JsonMember &member : object.members)
        ids.push_back(member.name);
    const bool counts = countUp(ids);
    for (const JsonMember &member : object.members) {
        const int64_t number = sink.nextNumber();
        if (!member.whole) {
            sink.reject(number, "the file ends in the middle of it");
            continue;
        }
        auto fields = sink.parse(number, member.value);
        if (!fields) {
            sink.reject(number, fields.error().message);
            continue;
        }
        if (!counts && !fields->contains("id"))
            appendField(*fields, "id", member.name);
        sink.add(number, std::move(*fields));
    }
    sink.note(counts ? "This file is a table of pandas, row by row."
                     : "The rows of this file stand under their names, which become the field \"id\".");
}

/// The names of the first member's object, at most a few.
std::vector<std::string> innerNames(const JsonMember &member)
{
    constexpr size_t Enough = 50;
    std::vector<std::string> names;
    JsonParts parts(member.value);
    while (names.size() < Enough && parts.next())
        names.push_back(unquoted(parts.key()));
    return names;
}

bool anyWord(const std::vector<std::string> &names)
{
    return std::any_of(names.begin(), names.end(),
                       [](const auto &name) { return isTextWord(name) || isLabelWord(name); });
}

bool allNumbers(const std::vector<std::string> &names)
{
    return !names.empty() && std::all_of(names.begin(), names.end(), isRowNumber);
}

/// All members are objects: columns of rows, or rows of columns.
bool readNested(const JsonObject &object, RowSink &sink)
{
    const auto isObject = [](const JsonMember &member) { return member.isObject(); };
    if (!std::all_of(object.members.begin(), object.members.end(), isObject))
        return false;
    std::vector<std::string> outer;
    for (size_t i = 0; i < std::min<size_t>(object.members.size(), 50); ++i)
        outer.push_back(object.members[i].name);
    const std::vector<std::string> inner = innerNames(object.members.front());
    if (inner.empty())
        return false;
    if (allNumbers(inner) && !allNumbers(outer)) {
        readColumns(object, sink);
        return true;
    }
    // With names for both, the one that knows a text or a label names the columns.
    const bool several = object.members.size() > 1;
    if (several && !allNumbers(outer) && anyWord(outer) && !anyWord(inner) && innerNames(object.members[1]) == inner) {
        readColumns(object, sink);
        return true;
    }
    if (allNumbers(outer) ? !allNumbers(inner) : several && anyWord(inner) && !anyWord(outer)) {
        // Splits and the like stand above tables, not above rows.
        if (!allNumbers(outer) && std::all_of(outer.begin(), outer.end(), isSplitWord))
            return false;
        readIndex(object, sink);
        return true;
    }
    return false;
}

/// {"columns": ["text", "label"], "index": [0, 1], "data": [["late again", "delivery"], ...]}
bool readSplitOrientation(const JsonObject &object, RowSink &sink)
{
    const JsonMember *names = object.find("columns"), *data = object.find("data");
    if (!names || !data || !names->isList() || !names->whole || !data->isList() ||
        !firstPart(data->value).starts_with('['))
        return false;
    const auto header = sink.parse(1, names->value);
    if (!header || header->empty())
        return false;
    std::vector<std::string> columns;
    std::unordered_set<std::string> known;
    for (const auto &name : *header) {
        const std::string column = name.is_string() ? name.get<std::string>() : name.dump();
        std::string unique = column;
        for (int n = 2; !known.insert(unique).second; ++n)
            unique = column + " (" + std::to_string(n) + ")";
        columns.push_back(std::move(unique));
    }
    JsonParts rows(data->value);
    while (rows.next()) {
        const int64_t number = sink.nextNumber();
        auto row = rows.isWhole() ? sink.parse(number, rows.value()) : base::Result<ordered_json>();
        if (!rows.isWhole() || !row) {
            sink.reject(number, row ? "the file ends in the middle of it" : row.error().message);
        } else if (!row->is_array() || row->size() > columns.size()) {
            sink.reject(number, "it has other values than the table has columns");
        } else {
            ordered_json fields = ordered_json::object();
            for (size_t i = 0; i < columns.size(); ++i)
                appendField(fields, columns[i], i < row->size() ? std::move((*row)[i]) : ordered_json());
            sink.add(number, std::move(fields));
        }
    }
    if (!rows.isClosed())
        sink.setCut();
    sink.file().columns = std::move(columns);
    sink.note("This file is a table of pandas, with its names and rows apart.");
    return true;
}

}  // namespace

bool readPandas(const JsonObject &object, RowSink &sink)
{
    const JsonMember *schema = object.find("schema"), *data = object.find("data");
    if (schema && schema->isObject() && data && data->isList()) {
        readArrayRows(data->value, 0, sink);
        sink.note("This file is a table of pandas with its schema.");
        return true;
    }
    return readSplitOrientation(object, sink) || readNested(object, sink);
}

bool readColumnLists(const JsonObject &object, RowSink &sink)
{
    std::vector<Column> columns;
    size_t rows = 0;
    bool known = false;
    for (const JsonMember &member : object.members) {
        if (!member.isList())
            continue;
        const bool objects = firstPart(member.value).starts_with('{');
        if (objects && (isRowName(member.name) || isSplitWord(member.name)))
            return false;  // rows, not cells
        Column column{member.name, {}};
        JsonParts parts(member.value);
        while (parts.next()) {
            if (parts.isWhole())
                column.cells.push_back(parts.value());
        }
        const bool word = isTextWord(column.name) || isLabelWord(column.name);
        if (rows == 0 || (word && !known))
            rows = column.cells.size();
        known |= word;
        columns.push_back(std::move(column));
    }
    // Names of classes and the like are lists of another length.
    std::erase_if(columns, [&](const Column &column) { return column.cells.size() != rows || rows == 0; });
    const auto isText = [](const Column &column) { return column.cells.front().starts_with('"'); };
    const auto isWord = [](const Column &column) {
        return isTextWord(column.name) || isLabelWord(column.name) || column.name == "data" || column.name == "X" ||
               column.name == "x";
    };
    if (columns.size() < 2 || std::none_of(columns.begin(), columns.end(), isText) ||
        std::none_of(columns.begin(), columns.end(), isWord))
        return false;
    sink.note("The columns of this file are lists of values.");
    if (!refuseCut(object, sink))
        addRows(columns, rows, {}, sink);
    return true;
}

}  // namespace core
