// SPDX-License-Identifier: Apache-2.0
#include "core/formats/row_shapes.h"

#include "core/base/names.h"
#include "core/base/trimmed.h"
#include "core/formats/class_name.h"
#include "core/formats/column_facts.h"
#include "core/formats/spreadsheet_safe.h"

#include <algorithm>

using base::isWithin;
using nlohmann::ordered_json;

namespace core {

using Shaped = tl::expected<ShapedRow, std::string>;

namespace {

tl::unexpected<std::string> because(std::string reason)
{
    return tl::unexpected<std::string>(std::move(reason));
}

/// Null where the record lacks the field, or has nothing in it.
const ordered_json *fieldOrNull(const Record &record, const std::string &name)
{
    const auto found = record.fields.find(name);
    return found == record.fields.end() || found->is_null() ? nullptr : &*found;
}

bool isFilled(const ordered_json &value)
{
    return !value.is_string() || !base::trimmed(value.get_ref<const std::string &>()).empty();
}

/// The first filled field of these, else the first that is there.
const ordered_json *firstFilled(const Record &record, const std::vector<std::string> &names)
{
    const ordered_json *first = nullptr;
    for (const std::string &name : names) {
        const ordered_json *value = fieldOrNull(record, name);
        if (value && isFilled(*value))
            return value;
        first = first ? first : value;
    }
    return first;
}

tl::expected<std::string, std::string> textIn(const ordered_json &value, const std::string &name)
{
    if (!value.is_string())
        return because("its field \"" + name + "\" is no text");
    return value.get<std::string>();
}

tl::expected<std::string, std::string> textOf(const Record &record, const RowRoles &roles)
{
    if (roles.text.size() == 1) {
        const auto &twins = roles.text.front();
        if (const ordered_json *value = firstFilled(record, twins))
            return textIn(*value, twins.front());
        for (const std::string &other : roles.otherTexts) {
            if (const ordered_json *value = fieldOrNull(record, other); value && !record.fields.contains(twins.front()))
                return textIn(*value, other);
        }
        return because(record.fields.contains(twins.front()) ? "it has no text"
                                                             : "it has no field \"" + twins.front() + "\"");
    }
    std::string joined;
    for (const auto &twins : roles.text) {
        const ordered_json *value = firstFilled(record, twins);
        if (!value || !isFilled(*value))
            continue;
        const auto text = textIn(*value, twins.front());
        if (!text)
            return text;
        joined += (joined.empty() ? "" : "\n") + twins.front() + ": " + *text;
    }
    return joined.empty() ? tl::expected<std::string, std::string>(because("it has no text")) : joined;
}

LabelResult labelsIn(const Record &record, const RowRoles &roles)
{
    using Layout = RowRoles::Layout;
    if (roles.layout == Layout::None)
        return std::nullopt;
    if (roles.layout == Layout::Value) {
        const ordered_json *value = firstFilled(record, roles.label);
        const bool isMissing = std::none_of(roles.label.begin(), roles.label.end(),
                                            [&](const auto &name) { return record.fields.contains(name); });
        for (size_t i = 0; isMissing && !value && i < roles.otherLabels.size(); ++i)
            value = fieldOrNull(record, roles.otherLabels[i]);
        return value ? labelsOf(*value, roles.reading) : LabelResult(std::nullopt);
    }
    std::vector<std::string> labels;
    bool isAnswered = false;
    for (const std::string &column : roles.label) {
        const ordered_json *value = fieldOrNull(record, column);
        if (roles.layout == Layout::OneHot) {
            const auto yes = value ? yesOrNo(*value) : std::optional(false);
            if (!yes)
                return because("its column \"" + column + "\" is neither 0 nor 1");
            isAnswered = isAnswered || (value && isFilled(*value));
            if (*yes)
                labels.push_back(cleanedClassName(column));
            continue;
        }
        auto more = value ? labelsOf(*value, roles.reading) : LabelResult(std::nullopt);
        if (!more)
            return more;
        isAnswered = isAnswered || more->has_value();
        for (const std::string &label : more->value_or(std::vector<std::string>())) {
            if (!isWithin(labels, label))
                labels.push_back(label);
        }
    }
    return isAnswered ? LabelResult(std::move(labels)) : LabelResult(std::nullopt);
}

Shaped withLabels(ShapedRow row, LabelResult labels)
{
    if (!labels)
        return because(std::move(labels.error()));
    row.isAnswered = labels->has_value();
    if (*labels)
        row.labels = std::move(**labels);
    return row;
}

Shaped shapeMessages(const Record &record, const RowRoles &roles)
{
    const ordered_json *messages = fieldOrNull(record, "messages");
    if (!messages || !messages->is_array())
        return because("its messages are no list");
    ShapedRow row;
    bool asked = false;
    for (const auto &message : *messages) {
        if (!message.is_object() || !message.contains("role") || !message["role"].is_string() ||
            !message.contains("content") || !message["content"].is_string())
            return because("one of its messages has no role or no text");
        const auto role = message["role"].get<std::string>();
        if (role == "user") {
            row.text = message["content"].get<std::string>();
            asked = true;
        } else if (role == "assistant" && roles.wantsLabel) {
            auto labelled = withLabels(std::move(row), labelsOf(message["content"], roles.reading));
            if (!labelled)
                return labelled;
            row = std::move(*labelled);
        }
    }
    if (!asked)
        return because("none of its messages is from the user");
    return row;
}

bool isUsed(const std::string &name, const RowRoles &roles)
{
    if (name == roles.split || (roles.wantsLabel && isWithin(roles.label, name)))
        return true;
    if ((roles.isOwn && isWithin(ownColumns(), name)) || (roles.hasPlaces && name == "place"))
        return true;
    return std::any_of(roles.text.begin(), roles.text.end(), [&](const auto &twins) { return isWithin(twins, name); });
}

/// The fields that mean nothing to us, kept with the row.
std::string extraOf(const Record &record, const RowRoles &roles)
{
    ordered_json extra = ordered_json::object();
    for (const auto &[name, value] : record.fields.items()) {
        if (!value.is_null() && isFilled(value) && !isUsed(name, roles))
            extra.push_back({name, value});
    }
    return extra.empty() ? std::string() : extra.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
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

Shaped shapeRow(const Record &record, const RowRoles &roles)
{
    Shaped shaped;
    if (roles.isChat) {
        shaped = shapeMessages(record, roles);
    } else {
        auto text = textOf(record, roles);
        if (!text)
            return because(std::move(text.error()));
        ShapedRow row{std::move(*text)};
        shaped = roles.wantsLabel ? withLabels(std::move(row), labelsIn(record, roles)) : Shaped(std::move(row));
    }
    if (!shaped)
        return shaped;
    if (const ordered_json *split = roles.split.empty() ? nullptr : fieldOrNull(record, roles.split);
        split && split->is_string())
        shaped->split = splitOfValue(split->get_ref<const std::string &>());
    if (roles.isOwn) {
        if (const ordered_json *id = fieldOrNull(record, "id"))
            shaped->id = wholeNumber(*id, true);
    }
    if (!roles.isChat)
        shaped->extra = extraOf(record, roles);
    return shaped;
}

bool hasSeveralLabels(const RecordFile &file, const RowRoles &roles)
{
    return std::any_of(file.records.begin(), file.records.end(), [&](const Record &record) {
        const auto labels = roles.isChat ? LabelResult(std::nullopt) : labelsIn(record, roles);
        return labels && *labels && (*labels)->size() != 1;
    });
}

}  // namespace core
