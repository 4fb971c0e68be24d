// SPDX-License-Identifier: Apache-2.0
// A table of rows that was written into a document.
#pragma once

#include "core/formats/csv.h"
#include "core/formats/documents/document.h"

#include <optional>

namespace core {

/// How much of a document has to be a table.
enum class TableShare {
    Most,  ///< it has usual names of columns, or it is nearly all of the document
    Any    ///< the first one with rows, as in exports of spreadsheets
};

/// The records of the table in this document, tables of the same columns below one another; nothing when the document
/// is none of that kind. Rows are counted over these tables, their headers too. Paragraphs outside are rejected.
[[nodiscard]] std::optional<RecordFile> tableInDocument(const DocumentContent &content, HeaderRow header,
                                                        TableShare share);

}  // namespace core
