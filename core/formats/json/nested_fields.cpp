// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/nested_fields.h"

#include "core/formats/json/column_words.h"
#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

using nlohmann::ordered_json;

namespace core {

namespace {

using namespace std::string_view_literals;

constexpr std::array Containers{"data"sv,       "inputs"sv,     "input"sv, "fields"sv,  "row"sv,
                                "_source"sv,    "record"sv,     "item"sv,  "example"sv, "document"sv,
                                "properties"sv, "attributes"sv, "node"sv};
/// These may be maps of labels, which stay.
constexpr std::array Answers{"outputs"sv, "output"sv, "expected"sv, "expected_output"sv, "reference_outputs"sv};

bool isContainer(const std::string &name, const ordered_json &value)
{
    if (!value.is_object() || value.empty())
        return false;
    if (std::find(Containers.begin(), Containers.end(), name) != Containers.end())
        return true;
    if (std::find(Answers.begin(), Answers.end(), name) == Answers.end())
        return false;
    const auto &members = value.get_ref<const ordered_json::object_t &>();
    return std::any_of(members.begin(), members.end(), [](const auto &member) {
        return isLabelWord(member.first) && (member.second.is_string() || member.second.is_array());
    });
}

ordered_json flattened(ordered_json &fields)
{
    auto &members = fields.get_ref<ordered_json::object_t &>();
    std::unordered_set<std::string> taken;
    for (const auto &[name, value] : members) {
        if (!isContainer(name, value))
            taken.insert(name);
    }
    ordered_json flat = ordered_json::object();
    for (auto &[name, value] : members) {
        if (!isContainer(name, value)) {
            appendField(flat, name, std::move(value));
            continue;
        }
        for (auto &[inner, item] : value.get_ref<ordered_json::object_t &>()) {
            std::string unique = inner;
            if (!taken.insert(unique).second) {
                const std::string base = name + "." + inner;
                unique = base;
                for (int n = 2; !taken.insert(unique).second; ++n)
                    unique = base + " (" + std::to_string(n) + ")";
            }
            appendField(flat, std::move(unique), std::move(item));
        }
    }
    return flat;
}

}  // namespace

void flattenFields(RecordFile &file)
{
    std::set<std::string> containers;
    for (Record &record : file.records) {
        bool any = false;
        for (const auto &[name, value] : record.fields.get_ref<const ordered_json::object_t &>()) {
            if (isContainer(name, value)) {
                containers.insert(name);
                any = true;
            }
        }
        if (any)
            record.fields = flattened(record.fields);
    }
    for (const std::string &name : containers)
        file.notes.push_back("The fields within \"" + name + "\" are read as fields of the row.");
}

}  // namespace core
