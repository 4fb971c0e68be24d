// SPDX-License-Identifier: Apache-2.0
// The columns behind the fields that edits change, and what they hold.
#pragma once

#include "core/store/edit_draft.h"

#include <optional>
#include <span>
#include <string_view>

namespace core {

template <class Field>
struct EditField {
    Field field;
    const char *column;
    bool isText;  ///< else a number
};

inline constexpr EditField<FieldChange::Field> RowFields[] = {
    {FieldChange::Field::Text, "text", true},       {FieldChange::Field::Label, "label", false},
    {FieldChange::Field::Also, "also", true},       {FieldChange::Field::Split, "split", false},
    {FieldChange::Field::Removed, "state", false},  {FieldChange::Field::Provenance, "provenance", true},
    {FieldChange::Field::Comment, "comment", true}, {FieldChange::Field::Confidence, "confidence", true},
    {FieldChange::Field::Extra, "extra", true}};

/// Removed is the last: a class that comes back finds its name.
inline constexpr EditField<LabelChange::Field> LabelFields[] = {
    {LabelChange::Field::Name, "name", true},           {LabelChange::Field::Description, "description", true},
    {LabelChange::Field::Position, "position", false},  {LabelChange::Field::Colour, "colour", false},
    {LabelChange::Field::Declared, "declared", false},  {LabelChange::Field::Belongs, "belongs", true},
    {LabelChange::Field::Resembles, "resembles", true}, {LabelChange::Field::Removed, "removed", false}};

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
