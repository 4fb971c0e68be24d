// SPDX-License-Identifier: Apache-2.0
#include "core/formats/row_shapes.h"

#include "core/base/trimmed.h"
#include "core/engine/json/strict_json.h"
#include "core/formats/label_text.h"

#include <algorithm>

using nlohmann::ordered_json;

using base::trimmed;

namespace core {

using Shaped = tl::expected<ShapedRow, std::string>;

namespace {

/// The labels of a row; nothing: it has not been labelled.
using LabelResult = tl::expected<std::optional<std::vector<std::string>>, std::string>;

/// Column pairs of the formats that people come with; the label is optional for each.
struct Shape {
    const char *text;
    const char *label;
};
constexpr Shape Shapes[] = {{"question", "answer"},  {"prompt", "completion"}, {"input", "expected_output"},
                            {"input_text", "label"}, {"text", "label"},        {"text", "category"},
                            {"text", "class"},       {"text", "labels"},       {"sentence", "label"},
                            {"context", nullptr},    {"text", nullptr},        {"sentence", nullptr}};

tl::unexpected<std::string> because(std::string reason)
{
    return tl::unexpected<std::string>(std::move(reason));
}

bool isSet(const ordered_json &value)
{
    if (value.is_boolean())
        return value.get<bool>();
    return value.is_number() && value.get<double>() != 0;
}

/// {"refund": 1, "delivery": 0}: the labels that are set.
LabelResult labelOfMap(const ordered_json &map, const ShapeHints &hints)
{
    std::vector<std::string> set;
    for (const auto &[name, value] : map.items()) {
        if (!value.is_number() && !value.is_boolean())
            return because("the label \"" + name + "\" in its map is neither 0 nor 1");
        if (isSet(value))
            set.push_back(name);
    }
    if (!set.empty() || map.size() != 1 || hints.takesSeveral)
        return set;
    // A single label with 0 is the other one of two.
    const std::string only = map.begin().key();
    if (hints.classes.size() == 2 && std::find(hints.classes.begin(), hints.classes.end(), only) != hints.classes.end())
        return std::vector{hints.classes[hints.classes[0] == only ? 1 : 0]};
    return std::vector{"not " + only};
}

/// A number is a label of that name, else the index of a declared class.
std::string labelOfNumber(const std::string &number, const ShapeHints &hints)
{
    if (std::find(hints.classes.begin(), hints.classes.end(), number) != hints.classes.end())
        return number;
    const bool index =
        !number.empty() && number.size() < 6 && number.find_first_not_of("0123456789") == std::string::npos;
    const size_t i = index ? std::stoul(number) : hints.classes.size();
    return i < hints.classes.size() ? hints.classes[i] : number;
}

LabelResult labelsOfList(const ordered_json &list, const ShapeHints &hints)
{
    std::vector<std::string> labels;
    for (const auto &item : list) {
        if (!item.is_string() && !item.is_number_integer())
            return because("its list of labels holds something else than names and numbers");
        std::string name = item.is_string() ? std::string(trimmed(item.get_ref<const std::string &>())) : item.dump();
        if (name.empty())
            return because("one of the labels in its list has no name");
        name = labelOfNumber(name, hints);
        if (std::find(labels.begin(), labels.end(), name) == labels.end())
            labels.push_back(std::move(name));
    }
    return labels;
}

LabelResult labelOf(const ordered_json &value, const ShapeHints &hints)
{
    if (value.is_null())
        return std::nullopt;
    if (value.is_array())
        return labelsOfList(value, hints);
    if (value.is_object())
        return labelOfMap(value, hints);
    if (value.is_boolean())
        return std::vector{labelOfNumber(value.get<bool>() ? "1" : "0", hints)};
    if (value.is_number_integer())
        return std::vector{labelOfNumber(value.dump(), hints)};
    if (!value.is_string())
        return because("its label is neither a name, a number, a list nor a map of labels");
    const std::string text(trimmed(value.get_ref<const std::string &>()));
    if (text.empty())
        return std::nullopt;
    if (text.starts_with('{')) {
        const auto map = engine::parseOrderedJson(text);
        if (!map || !map->is_object())
            return because("its label looks like a map of labels but is no JSON");
        return labelOfMap(*map, hints);
    }
    if (text.starts_with('[')) {
        if (const auto list = engine::parseOrderedJson(text); list && list->is_array())
            return labelsOfList(*list, hints);
    }
    if (!hints.takesSeveral)
        return std::vector{labelOfNumber(text, hints)};
    std::vector<std::string> labels = splitLabels(text, hints.classes);
    for (std::string &label : labels)
        label = labelOfNumber(label, hints);
    return labels;
}

Shaped withLabels(ShapedRow row, const ordered_json &value, const ShapeHints &hints)
{
    auto labels = labelOf(value, hints);
    if (!labels)
        return because(labels.error());
    row.isAnswered = labels->has_value();
    if (*labels)
        row.labels = std::move(**labels);
    return row;
}

Shaped shapeMessages(const ordered_json &messages, const ShapeHints &hints)
{
    if (!messages.is_array())
        return because("its messages are no list");
    ShapedRow row;
    bool asked = false;
    for (const auto &message : messages) {
        if (!message.is_object() || !message.contains("role") || !message["role"].is_string() ||
            !message.contains("content") || !message["content"].is_string())
            return because("one of its messages has no role or no text");
        const auto role = message["role"].get<std::string>();
        const auto content = message["content"].get<std::string>();
        if (role == "user") {
            row.text = content;
            asked = true;
        } else if (role == "assistant" && hints.wantsLabel) {
            auto labelled = withLabels(std::move(row), message["content"], hints);
            if (!labelled)
                return labelled;
            row = std::move(*labelled);
        }
    }
    if (!asked)
        return because("none of its messages is from the user");
    return row;
}

Shaped shapeColumns(const ordered_json &fields, const std::string &textColumn, const std::string &labelColumn,
                    const ShapeHints &hints)
{
    const auto text = fields.find(textColumn);
    if (text == fields.end())
        return because("it has no field \"" + textColumn + "\"");
    if (!text->is_string())
        return because("its field \"" + textColumn + "\" is no text");
    ShapedRow row{text->get<std::string>()};
    if (!hints.wantsLabel || labelColumn.empty())
        return row;
    const auto label = fields.find(labelColumn);
    return label == fields.end() ? Shaped(row) : withLabels(std::move(row), *label, hints);
}

}  // namespace

std::string whyNotOneLabel(const ShapedRow &row)
{
    if (!row.isAnswered || row.labels.size() == 1)
        return {};
    return (row.labels.empty() ? "none of its labels is set"
                               : "it has " + std::to_string(row.labels.size()) + " labels at once") +
           "; this service takes one label a row, which can be changed where its classes are described";
}

Shaped shapeRow(const Record &record, const ShapeHints &hints)
{
    const auto &fields = record.fields;
    if (!hints.textColumn.empty())
        return shapeColumns(fields, hints.textColumn, hints.labelColumn, hints);
    if (fields.contains("messages"))
        return shapeMessages(fields["messages"], hints);
    for (const Shape &shape : Shapes) {
        if (fields.contains(shape.text) && (!shape.label || fields.contains(shape.label)))
            return shapeColumns(fields, shape.text,
                                hints.labelColumn.empty() ? (shape.label ? shape.label : "") : hints.labelColumn,
                                hints);
    }
    for (const Shape &shape : Shapes) {
        if (fields.contains(shape.text))
            return shapeColumns(fields, shape.text, hints.labelColumn, hints);
    }
    std::string names;
    for (const auto &[name, value] : fields.items())
        names += (names.empty() ? "" : ", ") + name.substr(0, 40);
    return because("its fields (" + names.substr(0, 200) +
                   ") are no known pair of text and label; name them with --text and --label");
}

}  // namespace core
