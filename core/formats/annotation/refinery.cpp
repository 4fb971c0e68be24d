// SPDX-License-Identifier: Apache-2.0
// refinery of Kern: "headline__sentiment__MANUAL" is what people said of a field, "__sentiment__MANUAL" of a record.
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <set>

namespace core::annotation {

namespace {

/// More are not looked at.
constexpr size_t MostTasks = 100;
constexpr std::string_view Manual = "__MANUAL";

bool isManual(const std::string &name)
{
    return name.size() > Manual.size() && name.ends_with(Manual);
}

bool isSource(const std::string &name)
{
    return isManual(name) || name.find("__WEAK_SUPERVISION") != std::string::npos ||
           name.find("__MODEL_CALLBACK") != std::string::npos || name.find("__INFORMATION_SOURCE") != std::string::npos;
}

bool isFrom(const RecordFile &file)
{
    return std::any_of(file.records.begin(), file.records.end(), [](const Record &record) {
        return std::any_of(record.fields.items().begin(), record.fields.items().end(), [](const auto &item) {
            return isManual(item.key()) || item.key().ends_with("__WEAK_SUPERVISION");
        });
    });
}

/// The columns in which people named classes, in order; lists of tokens are none.
std::vector<std::string> manualColumns(const RecordFile &file)
{
    std::vector<std::string> names;
    for (const Record &record : file.records) {
        for (const auto &[name, value] : record.fields.items()) {
            if (names.size() < MostTasks && isManual(name) && !nameOf(value).empty() &&
                std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    return names;
}

/// "__sentiment__MANUAL" and "headline__sentiment__MANUAL" are "sentiment".
std::string taskName(const std::string &column)
{
    const std::string name = column.substr(0, column.size() - Manual.size());
    const size_t mark = name.find("__");
    return mark == std::string::npos ? name : name.substr(mark + 2);
}

void read(RecordFile &file)
{
    const std::vector<std::string> columns = manualColumns(file);
    const std::string column = columns.empty() ? "" : columns.front();
    file.notes.push_back(column.empty() ? "This is an export of refinery, in which no person has labelled a row."
                                        : "This is an export of refinery: what people said in \"" +
                                              taskName(column).substr(0, 60) +
                                              "\" are the labels. Weak supervision and models give none.");
    std::set<std::string> sources;
    for (const Record &record : file.records) {
        for (const auto &[name, value] : record.fields.items()) {
            if (isSource(name))
                sources.insert(name);
        }
    }
    std::vector<std::string> others(sources.begin(), sources.end());
    others.push_back("running_id");
    // The label of a field names it.
    const std::string attribute = column.substr(0, column.find("__"));
    const std::string text = !attribute.empty() && anyHas(file, attribute) ? attribute : textColumn(file, others);
    rewrite(file, [&](ordered_json &fields) -> Verdict {
        const ordered_json label = column.empty() ? ordered_json() : take(fields, column);
        std::vector<std::pair<std::string, ordered_json>> kept;
        for (const std::string &other : columns) {
            if (ordered_json value = take(fields, other); other != column && !nameOf(value).empty())
                kept.emplace_back(taskName(other), std::move(value));
        }
        std::vector<std::string> gone;
        for (const auto &[name, value] : fields.items()) {
            if (isSource(name))
                gone.push_back(name);
        }
        for (const std::string &name : gone)
            take(fields, name);
        for (auto &[name, value] : kept) {
            if (!fields.contains(name))
                appendField(fields, name, std::move(value));
        }
        nameText(fields, text);
        return {labelOf(label.is_array() ? Answer() : answerOf(label))};
    });
}

}  // namespace

const Tool Refinery{isFrom, read};

}  // namespace core::annotation
