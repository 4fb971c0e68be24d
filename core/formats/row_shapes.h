// SPDX-License-Identifier: Apache-2.0
// What the columns of a file mean, and what that makes of its records: text, labels, split.
#pragma once

#include "core/formats/label_value.h"
#include "core/formats/record.h"
#include "core/formats/split_name.h"

#include <optional>
#include <string>
#include <vector>

namespace core {

/// What is known before a file is read. Empty members: found out.
struct ShapeHints {
    std::vector<std::string> textColumns;   ///< several are joined with their names
    std::vector<std::string> labelColumns;  ///< several: each that is set, or filled, gives a label
    std::vector<std::string> classes;       ///< declared ones, in order
    bool wantsLabel = true;                 ///< unlabelled rows: a label in the file is ignored
    bool takesSeveral = false;              ///< a row may have any number of labels
    NumberLabels numbers = NumberLabels::Automatic;
    std::map<std::string, std::string> meaning{};  ///< of values as people said: "true" means spam
};

struct ShapedRow {
    std::string text;
    std::vector<std::string> labels{};  ///< as many as the file gives
    bool isAnswered = false;            ///< true with labels; without: a map in which none is set, or an empty list
    std::optional<NamedSplit> split{};  ///< where the file says it
    std::optional<int64_t> id{};        ///< of a row that was written by an export of ours
    std::string extra{};                ///< fields that mean none of this, as a JSON object; empty: none
};

/// The columns of a file by what they mean.
struct RowRoles {
    /// How the label columns make labels.
    enum class Layout {
        None,
        Value,    ///< one column; further ones of the same name fill its gaps
        Columns,  ///< label 1, label 2: each filled one
        OneHot    ///< each column is a class, set or not
    };
    /// Columns of one name, the first filled one counts.
    using Twins = std::vector<std::string>;

    std::vector<Twins> text;  ///< the parts that are joined; one for most files
    std::vector<std::string> label;
    Layout layout = Layout::None;
    std::vector<std::string> otherTexts;   ///< for records that lack the text's field
    std::vector<std::string> otherLabels;  ///< and the label's
    std::string split;
    bool isChat = false;     ///< the text is the user's last message
    bool isOwn = false;      ///< written by an export of ours: id, comment and place count
    bool hasPlaces = false;  ///< of a document
    bool wantsLabel = true;
    LabelReading reading;
    std::set<int64_t> numbers;            ///< that stand where labels are, when all of them are whole numbers
    std::set<std::string> unclear;        ///< "true" and "false" where no class means them: their rows are left out
    std::vector<std::string> notes;       ///< what was found out, a sentence each
    std::vector<std::string> candidates;  ///< columns, for people to choose from
};

/// Finds out what the columns of a file mean: names of well-known sets, tools and languages, then what the cells look
/// like. Linear in the records. An error says why no column is the text, and names the columns.
[[nodiscard]] tl::expected<RowRoles, std::string> rolesOf(const RecordFile &file, const ShapeHints &hints);

/// The row of a record, or what it lacks.
[[nodiscard]] tl::expected<ShapedRow, std::string> shapeRow(const Record &record, const RowRoles &roles);

/// Whether some row of the file has another number of labels than one.
[[nodiscard]] bool hasSeveralLabels(const RecordFile &file, const RowRoles &roles);

/// Why a row cannot come where each has exactly one label, or empty.
[[nodiscard]] std::string whyNotOneLabel(const ShapedRow &row);

}  // namespace core
