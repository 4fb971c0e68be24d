// SPDX-License-Identifier: Apache-2.0
// Training data of spaCy: {"text": ..., "cats": {"delivery": 1.0, "refund": 0.0}}, also as pairs; and the documents of
// spaCy 2 with paragraphs.
#include "core/formats/annotation/tool.h"

#include <algorithm>

namespace core::annotation {

namespace {

bool isCats(const ordered_json *cats)
{
    return cats && cats->is_object() && std::all_of(cats->begin(), cats->end(), [](const auto &value) {
               return value.is_number() || value.is_boolean();
           });
}

bool isEntities(const ordered_json &fields)
{
    const ordered_json *entities = listMember(fields, "entities");
    return entities && (entities->empty() || isSpans(*entities)) && fields.size() == 2;
}

bool isFrom(const RecordFile &file)
{
    bool some = false;
    for (const Record &record : file.records) {
        const bool places = isEntities(record.fields) && !listMember(record.fields, "entities")->empty();
        const bool cats = isCats(member(record.fields, "cats"));
        if (!stringMember(record.fields, "text") || (!cats && !isEntities(record.fields)))
            return false;
        some |= cats || places;
    }
    return some;
}

void read(RecordFile &file)
{
    file.notes.push_back("This is training data of spaCy: the categories with at least 0.5 are the labels.");
    rewrite(file, [](ordered_json &fields) -> Verdict {
        const ordered_json cats = take(fields, "cats"), entities = take(fields, "entities");
        if (!cats.is_object())
            return entities.empty() ? Verdict{nullptr} : Verdict{nullptr, OnlySpans};
        std::vector<std::string> labels;
        for (const auto &[name, value] : cats.items()) {
            if (value.is_boolean() ? value.get<bool>() : value.get<double>() >= 0.5)
                labels.push_back(name);
        }
        return {cats.empty() ? ordered_json() : labelOf(std::move(labels))};
    });
}

}  // namespace

const Tool SpacyCats{isFrom, read};

}  // namespace core::annotation
