// SPDX-License-Identifier: Apache-2.0
// What a JSON document that is one object can be: rows under a name, splits, pandas' tables, a map of texts and labels,
// the file of an assistant.
#pragma once

#include "core/formats/json/row_sink.h"

namespace core {

/// A member of an object, by text.
struct JsonMember {
    std::string name;
    std::string_view value;
    bool whole = true;

    /// '{', '[', '"' or another first character of its value.
    [[nodiscard]] char kind() const { return value.empty() ? '\0' : value.front(); }
    [[nodiscard]] bool isList() const { return kind() == '['; }
    [[nodiscard]] bool isObject() const { return kind() == '{'; }
    [[nodiscard]] bool isScalar() const { return !isList() && !isObject(); }
    [[nodiscard]] bool isString() const { return kind() == '"' || kind() == '\''; }
};

struct JsonObject {
    std::vector<JsonMember> members;
    bool sound = true;   ///< false: something in it is no member
    bool closed = true;  ///< false: the text ends before its last brace

    [[nodiscard]] const JsonMember *find(std::string_view name) const;
};

/// "data", "rows", "examples" and so on: what rows stand under.
[[nodiscard]] bool isRowName(std::string_view name);

[[nodiscard]] JsonObject membersOf(std::string_view object);

/// Reads the rows of a document that is an object, which the text may cut off. False, with nothing added: it is one
/// row, or nothing that is known.
[[nodiscard]] bool readDocument(std::string_view object, RowSink &sink);

// The parts of it; each returns false, with nothing added, where the object is something else.

/// pandas' to_json in all its orientations, and columns that are lists.
[[nodiscard]] bool readPandas(const JsonObject &object, RowSink &sink);
[[nodiscard]] bool readColumnLists(const JsonObject &object, RowSink &sink);

/// Rasa, LUIS, CLU, Snips, Watson, lists of intents with their patterns.
[[nodiscard]] bool readAssistant(const JsonObject &object, RowSink &sink);

/// Records that are a label with a list of texts become a record a text, with the number of theirs.
void spreadPatterns(RecordFile &file);

}  // namespace core
