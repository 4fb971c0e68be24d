// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/row_sink.h"

#include "core/engine/json/strict_json.h"
#include "core/formats/json/list_table.h"
#include "core/formats/json/mended_json.h"

#include <algorithm>

using nlohmann::ordered_json;

namespace core {

namespace {

/// Takes zero characters out of all texts in it. False where a name holds one: without it the name could stand twice.
bool dropZeros(ordered_json &value, bool &dropped)
{
    std::vector<ordered_json *> open{&value};
    while (!open.empty()) {
        ordered_json &next = *open.back();
        open.pop_back();
        if (next.is_string()) {
            dropped |= std::erase(next.get_ref<std::string &>(), '\0') > 0;
        } else if (next.is_array()) {
            for (ordered_json &item : next)
                open.push_back(&item);
        } else if (next.is_object()) {
            for (auto &[name, item] : next.get_ref<ordered_json::object_t &>()) {
                if (name.find('\0') != std::string::npos)
                    return false;
                open.push_back(&item);
            }
        }
    }
    return true;
}

}  // namespace

void appendField(ordered_json &fields, std::string name, ordered_json value)
{
    using Members = ordered_json::object_t::Container;
    static_cast<Members &>(fields.get_ref<ordered_json::object_t &>()).emplace_back(std::move(name), std::move(value));
}

void RowSink::Count::add(int64_t number)
{
    first = rows++ == 0 ? number : std::min(first, number);
}

base::Result<ordered_json> RowSink::parse(int64_t number, std::string_view text)
{
    auto value = engine::parseOrderedJson(text);
    if (!value) {
        const MendedJson mended = mendJson(text);
        if (!mended.missing && !mended.zeros && !mended.spelling)
            return value;
        auto second = engine::parseOrderedJson(mended.text);
        if (!second)
            return second.error().message.find("it is not JSON") == 0 ? std::move(value) : std::move(second);
        if (mended.missing)
            m_missing.add(number);
        if (mended.zeros)
            m_zeros.add(number);
        if (mended.spelling)
            m_spelling.add(number);
        return second;
    }
    if (text.find("\\u0000") != std::string_view::npos) {
        bool dropped = false;
        if (!dropZeros(*value, dropped))
            return base::failure(base::ErrorCode::Corrupt, "one of its names holds a zero character");
        if (dropped)
            m_zeros.add(number);
    }
    return value;
}

bool RowSink::addText(int64_t number, std::string_view text)
{
    auto value = parse(number, text);
    if (!value) {
        reject(number, value.error().message);
        return false;
    }
    return add(number, std::move(*value));
}

bool RowSink::add(int64_t number, ordered_json value)
{
    m_last = std::max(m_last, number);
    if (value.is_object()) {
        addRecord(number, std::move(value), m_place);
    } else if (value.is_string()) {
        ordered_json fields = ordered_json::object();
        appendField(fields, "text", std::move(value));
        addRecord(number, std::move(fields), m_place);
    } else if (value.is_array() && !value.empty()) {
        m_lists.push_back({number, std::move(value), m_place});
    } else {
        reject(number, "it is JSON, but no object with named fields");
        return false;
    }
    return true;
}

void RowSink::addRecord(int64_t number, ordered_json fields, const PlaceFields &place)
{
    for (const auto &[name, value] : place) {
        if (!fields.contains(name))
            appendField(fields, name, value);
    }
    m_file.records.push_back({number, std::move(fields)});
}

void RowSink::reject(int64_t number, std::string reason)
{
    m_last = std::max(m_last, number);
    m_file.rejections.push_back({number, std::move(reason)});
}

void RowSink::note(std::string sentence)
{
    if (std::find(m_file.notes.begin(), m_file.notes.end(), sentence) == m_file.notes.end())
        m_file.notes.push_back(std::move(sentence));
}

const ordered_json *RowSink::lastFields() const
{
    return m_file.records.empty() ? nullptr : &m_file.records.back().fields;
}

void RowSink::noteCount(const Count &count, const std::string &one, const std::string &several)
{
    if (count.rows == 1)
        note("Row " + std::to_string(count.first) + " " + one);
    else if (count.rows > 1)
        note(std::to_string(count.rows) + " rows, the first is row " + std::to_string(count.first) + ", " + several);
}

void RowSink::tableOfLists()
{
    if (m_lists.empty())
        return;
    const bool texts = std::any_of(m_lists.begin(), m_lists.end(), [](const List &list) {
        return std::any_of(list.values.begin(), list.values.end(), [](const auto &cell) { return cell.is_string(); });
    });
    if (!texts || !m_file.records.empty()) {
        for (const List &list : m_lists)
            reject(list.number, "it is JSON, but no object with named fields");
        m_lists.clear();
        return;
    }
    std::vector<ListRow> rows;
    rows.reserve(m_lists.size());
    for (size_t i = 0; i < m_lists.size(); ++i)
        rows.push_back({m_lists[i].number, std::move(m_lists[i].values), i});
    for (ListRow &row : recordsOfLists(std::move(rows), m_file))
        addRecord(row.number, std::move(row.values), m_lists[row.place].place);
    m_lists.clear();
}

void RowSink::finish()
{
    const auto byNumber = [](const auto &a, const auto &b) { return a.row < b.row; };
    tableOfLists();
    if (!std::is_sorted(m_file.records.begin(), m_file.records.end(), byNumber))
        std::stable_sort(m_file.records.begin(), m_file.records.end(), byNumber);
    std::stable_sort(m_file.rejections.begin(), m_file.rejections.end(), byNumber);
    if (m_cut)
        note("This file ends before its rows do: it may have been cut off. Its whole rows are read.");
    noteCount(m_missing, "holds NaN, Infinity or undefined where a value is missing: it is read as no value.",
              "hold NaN, Infinity or undefined where a value is missing: it is read as no value.");
    noteCount(m_zeros, "holds a zero character, which is no text: the character is left out, the rest is read.",
              "hold a zero character, which is no text: the character is left out, the rest is read.");
    noteCount(m_spelling, "is not quite JSON (a comment, a comma too many, other quotes): it is read as it is meant.",
              "are not quite JSON (comments, a comma too many, other quotes): they are read as they are meant.");
}

}  // namespace core
