// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/list_table.h"

#include "core/base/trimmed.h"
#include "core/formats/json/column_words.h"
#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <unordered_set>

using nlohmann::ordered_json;

namespace core {

namespace {

/// Longer texts are no names of columns.
constexpr size_t LongestName = 60;
/// Wider rows are no tables of texts; the rest of such a row is left where it is.
constexpr size_t MostColumns = 10'000;

using Names = std::vector<std::string>;

bool isPair(const ListRow &row)
{
    return row.values.size() == 2;
}

bool isTextAndFields(const ListRow &row)
{
    return isPair(row) && row.values[0].is_string() && row.values[1].is_object();
}

bool isLabel(const ordered_json &value)
{
    return value.is_string() || value.is_boolean() || value.is_number_integer() || value.is_null() ||
           (value.is_array() && std::all_of(value.begin(), value.end(),
                                            [](const auto &item) { return item.is_string() || item.is_number(); }));
}

/// The names that a first row gives, or nothing where it is a row like the others.
Names headerOf(const std::vector<ListRow> &rows)
{
    Names names;
    std::unordered_set<std::string> known;
    int texts = 0, labels = 0;
    const auto &first = rows.front().values;
    for (const ordered_json &cell : first) {
        const std::string name(cell.is_string() ? base::trimmed(cell.get_ref<const std::string &>())
                                                : std::string_view());
        if (name.empty() || name.size() > LongestName || !known.insert(name).second)
            return {};
        texts += isTextWord(name) ? 1 : 0;
        labels += isLabelWord(name) ? 1 : 0;
        names.push_back(name);
    }
    if (names.size() < 2 || rows.size() < 2)
        return {};
    bool differs = false;
    for (size_t i = 1; i < rows.size(); ++i) {
        const auto &cells = rows[i].values;
        if (cells == first || cells.size() != names.size())
            continue;
        for (size_t column = 0; column < names.size(); ++column) {
            // The name of a class comes again below, the name of a column does not.
            if (cells[column] == first[column])
                return {};
            differs |= cells[column].is_number() || cells[column].is_boolean();
        }
    }
    if (names.size() == 2)
        return texts > 0 && labels > 0 ? names : Names{};
    // Without a usual name it is a header where it stands above values of another kind.
    return texts > 0 || labels > 1 || differs ? names : Names{};
}

/// What a column of texts looks like.
struct ColumnLook {
    std::unordered_set<std::string> values;
    size_t bytes = 0;
};

/// Whether the labels of pairs stand before the texts: they come again, texts seldom do, and are shorter.
bool labelsComeFirst(const std::vector<ListRow> &rows)
{
    constexpr size_t Enough = 5000;
    ColumnLook first, second;
    for (size_t i = 0; i < std::min(rows.size(), Enough); ++i) {
        const auto &pair = rows[i].values;
        if (!pair[0].is_string() || !pair[1].is_string())
            return pair[1].is_string() && !pair[0].is_string();
        for (ColumnLook *look : {&first, &second}) {
            const auto &text = pair[look == &first ? 0 : 1].get_ref<const std::string &>();
            look->bytes += text.size();
            look->values.insert(text.substr(0, 200));
        }
    }
    return first.values.size() < second.values.size() && first.bytes < second.bytes;
}

/// Makes an object of the list, with null for what it lacks.
ordered_json fieldsOf(ordered_json &list, const Names &names)
{
    ordered_json fields = ordered_json::object();
    for (size_t i = 0; i < std::max(names.size(), list.size()); ++i) {
        const std::string name = i < names.size() ? names[i] : "column " + std::to_string(i + 1);
        if (i < names.size() || !fields.contains(name))
            appendField(fields, name, i < list.size() ? std::move(list[i]) : ordered_json());
    }
    return fields;
}

ordered_json textAndFields(ordered_json &pair)
{
    ordered_json fields = ordered_json::object();
    appendField(fields, "text", std::move(pair[0]));
    for (auto &[name, value] : pair[1].get_ref<ordered_json::object_t &>()) {
        if (name != "text")
            appendField(fields, name, std::move(value));
    }
    return fields;
}

}  // namespace

std::vector<ListRow> recordsOfLists(std::vector<ListRow> rows, RecordFile &file)
{
    std::erase_if(rows, [&](const ListRow &row) {
        if (row.values.size() <= MostColumns)
            return false;
        file.rejections.push_back({row.number, "it is a list of more than 10,000 values"});
        return true;
    });
    if (rows.empty())
        return rows;
    if (std::all_of(rows.begin(), rows.end(), isTextAndFields)) {
        for (ListRow &row : rows)
            row.values = textAndFields(row.values);
        return rows;
    }
    Names names = headerOf(rows);
    if (!names.empty()) {
        const ordered_json header = rows.front().values;
        bool first = true;
        std::erase_if(rows, [&](const ListRow &row) {
            if (row.values != header)
                return false;
            if (!first)
                file.rejections.push_back({row.number, "it repeats the names of the columns"});
            first = false;
            return true;
        });
        file.notes.push_back("The rows of this file are lists; the first one names the columns.");
    } else if (std::all_of(rows.begin(), rows.end(), [](const ListRow &row) {
                   return isPair(row) && ((row.values[0].is_string() && isLabel(row.values[1])) ||
                                          (row.values[1].is_string() && isLabel(row.values[0])));
               })) {
        const bool swapped = labelsComeFirst(rows);
        names = swapped ? Names{"label", "text"} : Names{"text", "label"};
        file.notes.push_back(swapped ? "The rows of this file are pairs: the first value is the label, the second the "
                                       "text."
                                     : "The rows of this file are pairs: the first value is the text, the second the "
                                       "label.");
    } else {
        size_t width = 0;
        for (const ListRow &row : rows)
            width = std::max(width, row.values.size());
        for (size_t i = 0; i < width; ++i)
            names.push_back("column " + std::to_string(i + 1));
        file.hasHeader = false;
        file.notes.push_back("The rows of this file are lists without names: their values are called column 1, "
                             "column 2 and so on.");
    }
    for (ListRow &row : rows)
        row.values = fieldsOf(row.values, names);
    file.columns = std::move(names);
    return rows;
}

}  // namespace core
