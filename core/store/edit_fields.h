// SPDX-License-Identifier: Apache-2.0
// The columns behind the fields that edits change, and what they hold.
#pragma once

#include "core/store/edit_draft.h"

#include <optional>
#include <span>
#include <string_view>

namespace core {

enum class FieldValue { Text, Number, Real };

template <class Field>
struct EditField {
    Field field;
    const char *column;
    FieldValue value;
};

inline constexpr EditField<FieldChange::Field> RowFields[] = {
    {FieldChange::Field::Text, "text", FieldValue::Text},
    {FieldChange::Field::Label, "label", FieldValue::Number},
    {FieldChange::Field::Also, "also", FieldValue::Text},
    {FieldChange::Field::Split, "split", FieldValue::Number},
    {FieldChange::Field::Removed, "state", FieldValue::Number},
    {FieldChange::Field::Provenance, "provenance", FieldValue::Text},
    {FieldChange::Field::Comment, "comment", FieldValue::Text},
    {FieldChange::Field::Confidence, "confidence", FieldValue::Real},
    {FieldChange::Field::Extra, "extra", FieldValue::Text}};

/// Removed is the last: a class that comes back finds its name.
inline constexpr EditField<LabelChange::Field> LabelFields[] = {
    {LabelChange::Field::Name, "name", FieldValue::Text},
    {LabelChange::Field::Description, "description", FieldValue::Text},
    {LabelChange::Field::Position, "position", FieldValue::Number},
    {LabelChange::Field::Colour, "colour", FieldValue::Number},
    {LabelChange::Field::Declared, "declared", FieldValue::Number},
    {LabelChange::Field::Belongs, "belongs", FieldValue::Text},
    {LabelChange::Field::Resembles, "resembles", FieldValue::Text},
    {LabelChange::Field::Removed, "removed", FieldValue::Number}};

[[nodiscard]] constexpr const EditField<FieldChange::Field> &of(FieldChange::Field field)
{
    for (const auto &one : RowFields) {
        if (one.field == field)
            return one;
    }
    return RowFields[0];
}

[[nodiscard]] constexpr const EditField<LabelChange::Field> &of(LabelChange::Field field)
{
    for (const auto &one : LabelFields) {
        if (one.field == field)
            return one;
    }
    return LabelFields[0];
}

/// The field of a column, or null.
template <class Field>
[[nodiscard]] constexpr const EditField<Field> *fieldOf(std::span<const EditField<Field>> fields,
                                                        std::string_view column)
{
    for (const auto &one : fields) {
        if (one.column == column)
            return &one;
    }
    return nullptr;
}

}  // namespace core
