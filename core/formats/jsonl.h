// SPDX-License-Identifier: Apache-2.0
// JSON lines, JSON lists, and JSON documents that hold rows.
#pragma once

#include "core/formats/record.h"

#include <string_view>

namespace core {

/// Reads the rows of UTF-8 text, whatever its file is called:
///  - JSON lines, numbered by line: objects, plain texts (the field "text") or lists, also spread over lines and with a
///    comma at the end. Only a line feed ends a line: U+2028 and its kin inside a line are text.
///  - a list, numbered by position. One that is cut off keeps its whole elements.
///  - an object that holds rows: under a name, under its splits (the field "split"), as a table of pandas, as a map of
///    texts and labels, as the file of an assistant. See json/document_layouts.h.
/// Fields keep their types. What is no row is rejected by number, what was decided is in the notes. Names that stand
/// twice in an object, and more than 32 levels, are refused on purpose. Time and memory are linear in the text.
[[nodiscard]] RecordFile parseJsonRows(std::string_view text);

/// The same, with exports of annotation tools read as what they are and fields within "data" and the like as fields of
/// the row: what a file is read with.
[[nodiscard]] RecordFile readJsonRows(std::string_view text);

/// Whether text of a file that is not called JSON is JSON all the same: it begins with an object or a list that holds
/// something, and goes on as rows would.
[[nodiscard]] bool looksLikeJson(std::string_view text);

}  // namespace core
