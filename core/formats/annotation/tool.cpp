// SPDX-License-Identifier: Apache-2.0
#include "core/formats/annotation/tool.h"

#include "core/base/trimmed.h"
#include "core/engine/json/strict_json.h"
#include "core/formats/json/column_words.h"
#include "core/formats/json/mended_json.h"
#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace core::annotation {

namespace {

/// Named in a reason at most.
constexpr size_t MostNamed = 4;

std::string quoted(const std::vector<std::string> &labels)
{
    std::string text;
    for (const std::string &label : labels)
        text += (text.empty() ? "\"" : " + \"") + label.substr(0, 60) + "\"";
    return text.empty() ? "none" : text;
}

/// Text and label first, then what else there is.
ordered_json inOrder(ordered_json &fields, ordered_json label)
{
    ordered_json ordered = ordered_json::object();
    auto &members = fields.get_ref<ordered_json::object_t &>();
    for (auto &[name, value] : members) {
        if (name == "text")
            appendField(ordered, name, std::move(value));
    }
    appendField(ordered, "label", std::move(label));
    std::set<std::string> taken{"text", "label"};
    for (auto &[name, value] : members) {
        if (name == "text")
            continue;
        std::string unique = name;
        for (int n = 2; !taken.insert(unique).second; ++n)
            unique = name + " (" + std::to_string(n) + ")";
        appendField(ordered, std::move(unique), std::move(value));
    }
    return ordered;
}

/// Tables keep their columns by name, in the order in which rows show them.
void setColumns(RecordFile &file)
{
    if (file.columns.empty())
        return;
    std::vector<std::string> columns;
    std::set<std::string> known;
    for (const Record &record : file.records) {
        if (record.fields.size() == columns.size())
            continue;
        for (const auto &[name, value] : record.fields.items()) {
            if (known.insert(name).second)
                columns.push_back(name);
        }
    }
    if (!columns.empty())
        file.columns = std::move(columns);
}

void finish(RecordFile &file, int64_t majorities)
{
    const auto several = [](const Record &record) {
        const auto &label = record.fields["label"];
        return label.is_array() && label.size() > 1;
    };
    if (std::any_of(file.records.begin(), file.records.end(), several)) {
        for (Record &record : file.records) {
            ordered_json &label = record.fields["label"];
            if (label.is_string())
                label = ordered_json::array({label.get<std::string>()});
        }
    }
    const auto byNumber = [](const auto &a, const auto &b) { return a.row < b.row; };
    std::stable_sort(file.rejections.begin(), file.rejections.end(), byNumber);
    setColumns(file);
    if (majorities > 0)
        file.notes.push_back(std::to_string(majorities) + (majorities == 1 ? " row has" : " rows have") +
                             " the label that most of several people gave; not all agree.");
}

}  // namespace

ordered_json labelOf(const Answer &answer)
{
    if (!answer)
        return nullptr;
    if (answer->size() == 1)
        return answer->front();
    return ordered_json(*answer);
}

Verdict agreed(const std::vector<Answer> &answers)
{
    std::map<std::vector<std::string>, size_t> counts;
    size_t all = 0;
    const std::vector<std::string> *first = nullptr;
    for (const Answer &answer : answers) {
        if (!answer)
            continue;
        first = first ? first : &*answer;
        auto labels = *answer;
        std::sort(labels.begin(), labels.end());
        ++counts[std::move(labels)];
        ++all;
    }
    if (counts.empty())
        return {nullptr};
    if (counts.size() == 1)
        return {labelOf(*first)};
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    if (all >= 3 && 2 * most->second > all)
        return {labelOf(most->first), {}, true};
    std::string reason = "people disagree about it: ";
    size_t named = 0;
    for (const auto &[labels, count] : counts) {
        if (named == MostNamed) {
            reason += " and others";
            break;
        }
        reason += (named++ == 0 ? "" : ", ") + quoted(labels);
    }
    return {nullptr, std::move(reason)};
}

void rewrite(RecordFile &file, const std::function<Verdict(ordered_json &fields)> &read)
{
    std::vector<Record> kept;
    kept.reserve(file.records.size());
    int64_t majorities = 0;
    for (Record &record : file.records) {
        Verdict verdict = read(record.fields);
        if (!verdict.reason.empty()) {
            file.rejections.push_back({record.row, std::move(verdict.reason)});
            continue;
        }
        majorities += verdict.majority ? 1 : 0;
        record.fields = inOrder(record.fields, std::move(verdict.label));
        kept.push_back(std::move(record));
    }
    file.records = std::move(kept);
    finish(file, majorities);
}

void rewriteByTask(RecordFile &file, const std::function<std::string(const ordered_json &fields)> &task,
                   const std::function<Reading(ordered_json &fields)> &read)
{
    struct Task {
        size_t record;
        std::vector<Answer> answers{};
    };
    std::unordered_map<std::string, size_t> known;
    std::vector<Task> tasks;
    for (size_t i = 0; i < file.records.size(); ++i) {
        Record &record = file.records[i];
        const std::string key = task(record.fields);
        Reading reading = read(record.fields);
        if (!reading.reason.empty()) {
            file.rejections.push_back({record.row, std::move(reading.reason)});
            continue;
        }
        const auto [found, isNew] = known.emplace(key, tasks.size());
        if (key.empty() || isNew) {
            if (!key.empty())
                found->second = tasks.size();
            tasks.push_back({i});
            tasks.back().answers.push_back(std::move(reading.answer));
            continue;
        }
        Task &before = tasks[found->second];
        before.answers.push_back(std::move(reading.answer));
        file.rejections.push_back(
            {record.row,
             "it is another answer to row " + std::to_string(file.records[before.record].row) + ", which counts once"});
    }
    std::vector<Record> kept;
    int64_t majorities = 0;
    for (const Task &each : tasks) {
        Record &record = file.records[each.record];
        Verdict verdict = agreed(each.answers);
        if (!verdict.reason.empty()) {
            file.rejections.push_back({record.row, std::move(verdict.reason)});
            continue;
        }
        majorities += verdict.majority ? 1 : 0;
        kept.push_back({record.row, inOrder(record.fields, std::move(verdict.label))});
    }
    file.records = std::move(kept);
    finish(file, majorities);
}

const ordered_json *member(const ordered_json &value, std::string_view name)
{
    if (!value.is_object())
        return nullptr;
    const auto found = value.find(name);
    return found == value.end() ? nullptr : &*found;
}

const ordered_json *stringMember(const ordered_json &value, std::string_view name)
{
    const ordered_json *found = member(value, name);
    return found && found->is_string() ? found : nullptr;
}

const ordered_json *listMember(const ordered_json &value, std::string_view name)
{
    const ordered_json *found = member(value, name);
    return found && found->is_array() ? found : nullptr;
}

const ordered_json *objectMember(const ordered_json &value, std::string_view name)
{
    const ordered_json *found = member(value, name);
    return found && found->is_object() ? found : nullptr;
}

const ordered_json &listAt(const ordered_json *list)
{
    static const ordered_json none = ordered_json::array();
    return list && list->is_array() ? *list : none;
}

const ordered_json &objectAt(const ordered_json *object)
{
    static const ordered_json none = ordered_json::object();
    return object && object->is_object() ? *object : none;
}

std::string textIn(const ordered_json &value, std::string_view name)
{
    const ordered_json *found = stringMember(value, name);
    return found ? found->get<std::string>() : std::string();
}

ordered_json take(ordered_json &fields, std::string_view name)
{
    const auto found = fields.find(name);
    if (found == fields.end())
        return nullptr;
    ordered_json value = std::move(*found);
    fields.erase(found);
    return value;
}

ordered_json valueOf(const ordered_json &cell)
{
    if (!cell.is_string())
        return cell;
    const std::string_view text = base::trimmed(cell.get_ref<const std::string &>());
    if (text.empty())
        return nullptr;
    if (text[0] != '[' && text[0] != '{')
        return cell;
    if (auto value = engine::parseOrderedJson(text))
        return std::move(*value);
    auto mended = engine::parseOrderedJson(mendJson(text).text);
    return mended ? std::move(*mended) : cell;
}

std::string nameOf(const ordered_json &value)
{
    if (value.is_string())
        return std::string(base::trimmed(value.get_ref<const std::string &>()));
    return value.is_number() || value.is_boolean() ? value.dump() : std::string();
}

Answer answerOf(const ordered_json &value)
{
    std::vector<std::string> labels;
    if (!value.is_array()) {
        if (std::string name = nameOf(value); !name.empty())
            return std::vector{std::move(name)};
        return std::nullopt;
    }
    for (const auto &item : value) {
        std::string name = nameOf(item);
        if (name.empty())
            return std::nullopt;
        if (std::find(labels.begin(), labels.end(), name) == labels.end())
            labels.push_back(std::move(name));
    }
    return labels;
}

bool isSpans(const ordered_json &value)
{
    if (!value.is_array() || value.empty())
        return false;
    return std::all_of(value.begin(), value.end(), [](const ordered_json &item) {
        if (item.is_array())
            return item.size() >= 3 && item[0].is_number_integer() && item[1].is_number_integer();
        return (member(item, "start") && member(item, "end")) ||
               (member(item, "start_offset") && member(item, "end_offset"));
    });
}

bool anyHas(const RecordFile &file, std::string_view name)
{
    return std::any_of(file.records.begin(), file.records.end(),
                       [&](const Record &record) { return member(record.fields, name); });
}

bool eachHas(const RecordFile &file, std::string_view name)
{
    return std::all_of(file.records.begin(), file.records.end(),
                       [&](const Record &record) { return member(record.fields, name); });
}

void spread(ordered_json &fields, std::string_view name)
{
    ordered_json inner = take(fields, name);
    if (!inner.is_object())
        return;
    for (auto &[key, value] : inner.get_ref<ordered_json::object_t &>()) {
        const std::string unique = fields.contains(key) ? std::string(name) + "." + key : key;
        if (!fields.contains(unique))
            appendField(fields, unique, std::move(value));
    }
}

void nameText(ordered_json &fields, const std::string &column)
{
    if (column == "text" || column.empty() || fields.contains("text") || !stringMember(fields, column))
        return;
    ordered_json text = take(fields, column);
    appendField(fields, "text", std::move(text));
}

std::string textColumn(const RecordFile &file, const std::vector<std::string> &others)
{
    constexpr size_t Enough = 200;
    std::vector<std::string> names;
    std::map<std::string, size_t> bytes;
    for (size_t i = 0; i < std::min(file.records.size(), Enough); ++i) {
        for (const auto &[name, value] : file.records[i].fields.items()) {
            if (!value.is_string() || std::find(others.begin(), others.end(), name) != others.end())
                continue;
            if (!bytes.contains(name))
                names.push_back(name);
            bytes[name] += value.get_ref<const std::string &>().size();
        }
    }
    if (bytes.contains("text"))
        return "text";
    const auto usual = std::find_if(names.begin(), names.end(), [](const auto &name) { return isTextWord(name); });
    if (usual != names.end())
        return *usual;
    const auto longest = std::max_element(names.begin(), names.end(),
                                          [&](const auto &a, const auto &b) { return bytes.at(a) < bytes.at(b); });
    return longest == names.end() ? std::string() : *longest;
}

}  // namespace core::annotation
