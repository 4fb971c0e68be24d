// SPDX-License-Identifier: Apache-2.0
// What one edit changes: rows, classes and settings.
#pragma once

#include "core/store/example.h"

#include <string>
#include <vector>

namespace core {

/// A change of one field of one row; the old value is read when it is applied.
struct FieldChange {
    int64_t example = 0;
    /// Label alone means that one and no other; Also, behind it, gives the others.
    enum class Field { Text, Label, Also, Split, Removed, Provenance, Comment, Confidence, Extra } field = Field::Label;
    /// Field::Text, Field::Provenance, Field::Comment, Field::Extra; alsoText() for Field::Also.
    std::string text;
    std::optional<int64_t> number;  ///< label id, nothing, or newLabel(i); split; or 0/1 for Removed
    std::optional<double> real{};   ///< Field::Confidence, 0 to 1; nothing: nobody says how sure it is
};

/// A change of one field of one label.
struct LabelChange {
    int64_t label = 0;
    enum class Field { Name, Description, Position, Colour, Declared, Removed, Belongs, Resembles } field = Field::Name;
    std::string text;    ///< Field::Name, Field::Description; a JSON list for Field::Belongs, Field::Resembles
    int64_t number = 0;  ///< all others
};

struct SettingChange {
    std::string key;
    std::string value;
};

/// All that one edit changes.
struct EditDraft {
    std::string title;
    std::vector<Label> newLabels;  ///< come behind all others; a removed label of the name comes back instead
    std::vector<LabelChange> labels;
    std::vector<SettingChange> settings;
    std::vector<FieldChange> changes;
    std::vector<Example> newRows;  ///< their label may be newLabel(i)
};

/// Stands for `EditDraft::newLabels[i]` where an id is asked for.
[[nodiscard]] constexpr int64_t newLabel(size_t i)
{
    return -1 - static_cast<int64_t>(i);
}

}  // namespace core
