// SPDX-License-Identifier: Apache-2.0
// doccano, JSON lines and JSON of versions 1.0 to 1.8, and its tables.
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace core::annotation {

namespace {

constexpr std::array LabelNames{"label", "labels", "cats", "annotations"};

/// The field that holds its labels, or null.
const char *labelName(const ordered_json &fields)
{
    for (const char *name : LabelNames) {
        if (listMember(fields, name))
            return name;
    }
    return nullptr;
}

bool isText(const ordered_json &fields)
{
    return stringMember(fields, "text") || stringMember(fields, "data");
}

/// [[0, 5, "ORG"]]; [] may be either.
bool isLabelList(const ordered_json &list)
{
    return isSpans(list) || std::all_of(list.begin(), list.end(), [](const ordered_json &item) {
               return item.is_string() || item.is_number_integer() || member(item, "label");
           });
}

/// What only doccano writes beside the text and the labels.
bool hasSign(const ordered_json &fields)
{
    return listMember(fields, "Comments") || listMember(fields, "comments") || member(fields, "annotation_approver") ||
           (stringMember(fields, "data") && listMember(fields, "label")) ||
           (listMember(fields, "entities") && listMember(fields, "relations"));
}

/// A number, a text and a list of labels, and nothing else.
bool isBare(const ordered_json &fields)
{
    const ordered_json *id = member(fields, "id");
    return fields.size() == 3 && id && id->is_number_integer() && stringMember(fields, "text") &&
           listMember(fields, "label");
}

bool isLines(const RecordFile &file)
{
    if (!file.columns.empty())
        return false;
    bool sign = false, bare = true;
    for (const Record &record : file.records) {
        const char *name = labelName(record.fields);
        const bool entities = listMember(record.fields, "entities") && listMember(record.fields, "relations");
        if (!isText(record.fields) || (!name && !entities) || (name && !isLabelList(record.fields[name])))
            return false;
        sign |= hasSign(record.fields);
        bare &= isBare(record.fields);
    }
    return sign || bare;
}

Verdict readLine(ordered_json &fields, bool &numbered)
{
    const char *name = labelName(fields);
    const ordered_json list = name ? take(fields, name) : ordered_json::array();
    const ordered_json entities = take(fields, "entities");
    nameText(fields, "data");
    for (const char *own : {"annotation_approver", "relations"})
        take(fields, own);
    for (const char *own : {"Comments", "comments"}) {
        if (const ordered_json *comments = listMember(fields, own); comments && comments->empty())
            take(fields, own);
    }
    if (isSpans(list) || (list.empty() && isSpans(entities)))
        return {nullptr, OnlySpans};
    ordered_json labels = ordered_json::array();
    for (const auto &item : list) {
        const ordered_json *label = member(item, "label");
        numbered |= label && label->is_number();
        labels.push_back(label ? *label : item);
    }
    // An empty list is a row that nobody has labelled yet.
    return {labels.empty() ? ordered_json() : labelOf(answerOf(labels))};
}

// Tables: labels joined by '#'.

std::vector<std::string> parted(const std::string &cell)
{
    std::vector<std::string> parts;
    for (size_t begin = 0; begin <= cell.size();) {
        const size_t end = std::min(cell.find('#', begin), cell.size());
        parts.push_back(cell.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

bool isTable(const RecordFile &file)
{
    std::vector<std::string> columns;
    for (const std::string &name : file.columns) {
        if (name != "Comments" && name != "comments" && name != "metadata" && name != "meta")
            columns.push_back(name);
    }
    std::sort(columns.begin(), columns.end());
    if (columns != std::vector<std::string>{"id", "label", "text"} &&
        columns != std::vector<std::string>{"data", "id", "label"})
        return false;
    // Labels that are joined come again, alone or with others; "C#" and "ticket #5" have other parts.
    std::unordered_set<std::string> once, again;
    std::vector<std::vector<std::string>> joined;
    for (const Record &record : file.records) {
        std::vector<std::string> parts = parted(textIn(record.fields, "label"));
        for (const std::string &part : parts) {
            if (!once.insert(part).second)
                again.insert(part);
        }
        if (parts.size() < 2)
            continue;
        const auto isName = [](const std::string &part) {
            return !part.empty() && part.front() != ' ' && part.back() != ' ' &&
                   part.find_first_not_of("0123456789") != std::string::npos;
        };
        if (!std::all_of(parts.begin(), parts.end(), isName))
            return false;
        joined.push_back(std::move(parts));
    }
    const auto comeAgain = std::count_if(joined.begin(), joined.end(), [&](const auto &parts) {
        return std::all_of(parts.begin(), parts.end(), [&](const auto &part) { return again.contains(part); });
    });
    return !joined.empty() && (joined.size() <= 3 || 2 * static_cast<size_t>(comeAgain) >= joined.size());
}

bool isFrom(const RecordFile &file)
{
    return isLines(file) || isTable(file);
}

void read(RecordFile &file)
{
    if (!file.columns.empty()) {
        file.notes.push_back("This is a table of doccano: several labels of a row are joined by #.");
        rewrite(file, [](ordered_json &fields) -> Verdict {
            const std::string cell = nameOf(take(fields, "label"));
            nameText(fields, "data");
            if (cell.empty())
                return {nullptr};
            return {labelOf(parted(cell))};
        });
        return;
    }
    bool numbered = false;
    const bool sure = std::any_of(file.records.begin(), file.records.end(),
                                  [](const Record &record) { return hasSign(record.fields); });
    file.notes.push_back(std::string(sure ? "This is" : "This looks like") +
                         " an export of doccano: a row with an empty list of labels is not labelled yet.");
    rewrite(file, [&](ordered_json &fields) { return readLine(fields, numbered); });
    if (numbered)
        file.notes.push_back("It names labels by their numbers only. Export it again as JSONL with text labels to have "
                             "their names.");
}

}  // namespace

const Tool Doccano{isFrom, read};

}  // namespace core::annotation
