// SPDX-License-Identifier: Apache-2.0
// Rows that are lists of values without names, as pandas' "values" and many data sets write them.
#pragma once

#include "core/formats/record.h"

namespace core {

/// The values of a row; `place` is for the caller.
struct ListRow {
    int64_t number = 0;
    nlohmann::ordered_json values;
    size_t place = 0;
};

/// Gives the values names and returns the rows with objects. A first row that names columns is the header; pairs of a
/// text and a label are "text" and "label", whichever stands first; a text and an object are the text and the fields of
/// the object, as spaCy writes them; all else is "column 1" and so on. What was decided is in the notes of `file`, with
/// its columns; a repeated header is rejected. Missing values are null.
[[nodiscard]] std::vector<ListRow> recordsOfLists(std::vector<ListRow> rows, RecordFile &file);

}  // namespace core
