// SPDX-License-Identifier: Apache-2.0
#include "core/formats/column_facts.h"

#include "core/base/lowered.h"
#include "core/base/trimmed.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

using nlohmann::ordered_json;

namespace core {

namespace {

constexpr double LongestCategory = 40;
constexpr double ShortestText = 12;

struct Column {
    ColumnFacts facts;
    std::unordered_set<size_t> values;
    size_t characters = 0;
};

size_t charactersIn(std::string_view text)
{
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool isNumber(std::string_view text)
{
    double number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

bool isWholeNumber(std::string_view text)
{
    if (text.ends_with(".0"))
        text.remove_suffix(2);
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void look(Column &column, const ordered_json &value)
{
    ColumnFacts &facts = column.facts;
    if (value.is_null())
        return;
    std::string dumped;
    std::string_view text;
    if (value.is_string()) {
        text = base::trimmed(value.get_ref<const std::string &>());
    } else {
        facts.isNested = facts.isNested || value.is_structured();
        dumped = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
        text = dumped;
    }
    if (text.empty())
        return;
    ++facts.filled;
    column.characters += charactersIn(text);
    if (column.values.size() < ColumnFacts::MostDistinct)
        column.values.insert(std::hash<std::string_view>()(text));
    if (facts.isNumeric && !isNumber(text))
        facts.isNumeric = facts.isWhole = false;
    if (facts.isWhole && !isWholeNumber(text))
        facts.isWhole = false;
    if (facts.isBinary) {
        const auto yes = yesOrNo(value);
        facts.isBinary = yes.has_value();
        facts.isSet = facts.isSet || yes == true;
    }
}

}  // namespace

bool ColumnFacts::isCategory() const
{
    if (filled == 0 || isNested || length > LongestCategory || (isNumeric && !isWhole))
        return false;
    return distinct < MostDistinct && (distinct * 2 <= filled || (distinct <= 3 && filled <= 6));
}

bool ColumnFacts::isText() const
{
    return filled > 0 && !isNumeric && !isNested && length >= ShortestText &&
           (distinct == MostDistinct || distinct * 2 >= filled);
}

std::vector<ColumnFacts> factsOf(const RecordFile &file)
{
    std::vector<Column> columns;
    std::unordered_map<std::string_view, size_t> places;
    for (const std::string &name : file.columns) {
        places.emplace(name, columns.size());
        columns.emplace_back().facts.name = name;
    }
    for (size_t i = 0; i < file.records.size() && i < ColumnFacts::MostRows; ++i) {
        size_t guess = 0;
        for (const auto &[name, value] : file.records[i].fields.items()) {
            size_t at = guess;  // fields mostly stand in the same order
            if (at >= columns.size() || columns[at].facts.name != name) {
                const auto known = places.find(name);
                at = known == places.end() ? columns.size() : known->second;
                if (known == places.end()) {
                    columns.emplace_back().facts.name = name;
                    places.emplace(std::string_view(name), at);
                }
            }
            guess = at + 1;
            look(columns[at], value);
        }
    }
    std::vector<ColumnFacts> facts;
    for (Column &column : columns) {
        ColumnFacts &one = facts.emplace_back(std::move(column.facts));
        one.distinct = column.values.size();
        one.length = static_cast<double>(column.characters) / static_cast<double>(std::max<size_t>(1, one.filled));
        one.isBinary = one.isBinary && one.filled > 0;
        one.isNumeric = one.isNumeric && one.filled > 0;
        one.isWhole = one.isWhole && one.filled > 0;
    }
    return facts;
}

std::optional<bool> yesOrNo(const ordered_json &value)
{
    if (value.is_null())
        return false;
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number()) {
        const double number = value.get<double>();
        return number == 0 || number == 1 ? std::optional(number == 1) : std::nullopt;
    }
    if (!value.is_string())
        return std::nullopt;
    const std::string text = base::lowered(std::string(base::trimmed(value.get_ref<const std::string &>())));
    for (const char *yes : {"1", "1.0", "true", "yes", "x", "y"}) {
        if (text == yes)
            return true;
    }
    for (const char *no : {"", "0", "0.0", "false", "no", "n", "-"}) {
        if (text == no)
            return false;
    }
    return std::nullopt;
}

}  // namespace core
