// SPDX-License-Identifier: Apache-2.0
// UBIAI: documents with their name, tokens and classes.
#include "core/formats/annotation/tool.h"

#include <algorithm>

namespace core::annotation {

namespace {

bool isFrom(const RecordFile &file)
{
    return std::all_of(file.records.begin(), file.records.end(), [](const Record &record) {
        return stringMember(record.fields, "documentName") && stringMember(record.fields, "document");
    });
}

void read(RecordFile &file)
{
    file.notes.push_back("This is an export of UBIAI: the classes of the documents are the labels.");
    rewrite(file, [](ordered_json &fields) -> Verdict {
        ordered_json classes;
        for (const char *name : {"classifications", "classification", "classes", "class", "labels", "label"}) {
            if (ordered_json found = take(fields, name); classes.is_null())
                classes = std::move(found);
        }
        const ordered_json tokens = take(fields, "tokens");
        take(fields, "relations");
        nameText(fields, "document");
        ordered_json names = ordered_json::array();
        for (const auto &item : classes.is_array() ? classes : ordered_json::array({classes})) {
            ordered_json name = item;
            for (const char *key : {"name", "label", "className", "value"}) {
                if (const ordered_json *found = stringMember(item, key))
                    name = *found;
            }
            if (!nameOf(name).empty())
                names.push_back(name);
        }
        if (names.empty() && tokens.is_array() && !tokens.empty() && classes.is_null())
            return {nullptr, OnlySpans};
        return {names.empty() ? ordered_json() : labelOf(answerOf(names))};
    });
}

}  // namespace

const Tool Ubiai{isFrom, read};

}  // namespace core::annotation
