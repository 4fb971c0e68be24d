// SPDX-License-Identifier: Apache-2.0
// What the readers of annotation tools share.
#pragma once

#include "core/formats/record.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core::annotation {

using nlohmann::ordered_json;

/// An export format: how it is recognised, and how its records are read.
struct Tool {
    bool (*isFrom)(const RecordFile &file);
    void (*read)(RecordFile &file);
};

// In core/formats/annotation, a file each.
extern const Tool LabelStudio, LabelStudioTable, Prodigy, Argilla1, Argilla2, Doccano, Refinery, Labelbox, LightTag,
    Ubiai, GroundTruth, Vertex, Kili, SpacyCats;

/// The labels that one person gave a text; nothing: this person left it open.
using Answer = std::optional<std::vector<std::string>>;

/// What becomes of a record: its label, or the reason why it is left out.
struct Verdict {
    ordered_json label;     ///< string, list of strings, or null
    std::string reason{};   ///< not empty: the record is rejected
    bool majority = false;  ///< people disagreed, and most said this
};

/// Answers of several people on one text: what all say, or what more than half of three or more say. Order within an
/// answer does not matter. Nobody answered: no label.
[[nodiscard]] Verdict agreed(const std::vector<Answer> &answers);

/// One answer as a label: a string when it is one, a list when it is none or several.
[[nodiscard]] ordered_json labelOf(const Answer &answer);

/// Replaces the records by what `read` makes of each: a verdict on fields that it may change, whose text is in "text".
/// Sets "text" and "label" first, makes lists of all labels where one row has several, rejects what has a reason, notes
/// how many labels a majority gave, and sets the columns of tables anew.
void rewrite(RecordFile &file, const std::function<Verdict(ordered_json &fields)> &read);

/// The same for rows of which several are answers of different people on one text: `task` says which belong together,
/// and `read` what each person says. The first row of each stands for all; the others are rejected as its copies.
struct Reading {
    Answer answer;
    std::string reason{};  ///< not empty: this row is rejected by itself
};
void rewriteByTask(RecordFile &file, const std::function<std::string(const ordered_json &fields)> &task,
                   const std::function<Reading(ordered_json &fields)> &read);

/// The member of an object, or null where it lacks or `value` is no object.
[[nodiscard]] const ordered_json *member(const ordered_json &value, std::string_view name);
[[nodiscard]] const ordered_json *stringMember(const ordered_json &value, std::string_view name);
[[nodiscard]] const ordered_json *listMember(const ordered_json &value, std::string_view name);
[[nodiscard]] const ordered_json *objectMember(const ordered_json &value, std::string_view name);
/// The list or the object behind the pointer, or an empty one of that kind.
[[nodiscard]] const ordered_json &listAt(const ordered_json *list);
[[nodiscard]] const ordered_json &objectAt(const ordered_json *object);
/// The string there, or empty.
[[nodiscard]] std::string textIn(const ordered_json &value, std::string_view name);
/// Takes the member out; null where it lacks.
ordered_json take(ordered_json &fields, std::string_view name);

/// The value that a cell of a table holds: JSON, a Python list, or its text; an empty one is null.
[[nodiscard]] ordered_json valueOf(const ordered_json &cell);

/// A name, number or truth as the name of a label; empty for anything else.
[[nodiscard]] std::string nameOf(const ordered_json &value);

/// Names and lists of names as an answer; nothing for null, an empty string and what holds something else.
[[nodiscard]] Answer answerOf(const ordered_json &value);

/// Whether a list marks places in a text: [[0, 5, "ORG"]], [{"start": 0, ...}].
[[nodiscard]] bool isSpans(const ordered_json &value);
constexpr const char *OnlySpans = "it marks places within its text; only labels of whole texts can be learned";

/// Whether some record, or each, has the field.
[[nodiscard]] bool anyHas(const RecordFile &file, std::string_view name);
[[nodiscard]] bool eachHas(const RecordFile &file, std::string_view name);

/// Moves the members of an object among the fields; "data.label" where the name is taken.
void spread(ordered_json &fields, std::string_view name);

/// Calls the only text of the fields "text" where none is called so; the one that reads most like a text of several.
void nameText(ordered_json &fields, const std::string &column);
/// The column that holds the texts: "text", a usual name, or the one with the longest texts; empty when there is none.
[[nodiscard]] std::string textColumn(const RecordFile &file, const std::vector<std::string> &others);

}  // namespace core::annotation
