// SPDX-License-Identifier: Apache-2.0
// What the fields of a record mean: its text and its label.
#pragma once

#include "core/base/error.h"
#include "core/formats/record.h"

#include <string>
#include <vector>

namespace core {

/// How to read the fields. Empty names: the known shapes are tried.
struct ShapeHints {
    std::string textColumn;
    std::string labelColumn;
    std::vector<std::string> classes;  ///< declared classes in order, for labels given as 0/1 or as an index
    bool wantsLabel = true;            ///< unlabelled rows: a label in the file is ignored
    bool takesSeveral = false;         ///< "a; b" are two labels, and {"a": 0} is none
};

struct ShapedRow {
    std::string text;
    std::vector<std::string> labels{};  ///< as many as the file gives
    bool isAnswered = false;            ///< true with labels; without: a map in which none is set, or an empty list
};

/// Why a row cannot come where each has exactly one label, or empty.
[[nodiscard]] std::string whyNotOneLabel(const ShapedRow &row);

/// Known shapes: question/answer, context, text/label, prompt/completion, input/expected_output (label, 0/1, a list or
/// a map of labels, also as JSON in the cell), chat messages, input_text/label/misleading_label, text/label index. The
/// error says what the row lacks.
[[nodiscard]] tl::expected<ShapedRow, std::string> shapeRow(const Record &record, const ShapeHints &hints);

}  // namespace core
