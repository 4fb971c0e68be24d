// SPDX-License-Identifier: Apache-2.0
// LightTag: examples with the classes that each annotator gave them.
#include "core/formats/annotation/tool.h"

#include <algorithm>
#include <map>

namespace core::annotation {

namespace {

bool isFrom(const RecordFile &file)
{
    const auto isExample = [](const Record &record) {
        return stringMember(record.fields, "content") &&
               (listMember(record.fields, "classifications") || listMember(record.fields, "annotations"));
    };
    return std::all_of(file.records.begin(), file.records.end(), isExample) &&
           (anyHas(file, "seen_by") || anyHas(file, "example_id") || eachHas(file, "classifications"));
}

std::string className(const ordered_json &classification)
{
    for (const char *name : {"classname", "class_name", "name", "label", "class"}) {
        if (std::string text = textIn(classification, name); !text.empty())
            return text;
    }
    return nameOf(classification);
}

/// The people behind a class, by name or number; one without a name where none is given.
std::vector<std::string> peopleBehind(const ordered_json &classification)
{
    std::vector<std::string> people;
    const ordered_json *list = listMember(classification, "annotated_by");
    for (const auto &person : listAt(list)) {
        const ordered_json *name = member(person, "annotator");
        people.push_back(name ? nameOf(*name) : nameOf(person));
    }
    return people.empty() ? std::vector<std::string>{""} : people;
}

void read(RecordFile &file)
{
    file.notes.push_back("This is an export of LightTag: the classes that people gave are the labels.");
    rewrite(file, [](ordered_json &fields) -> Verdict {
        const ordered_json classes = take(fields, "classifications"), places = take(fields, "annotations");
        take(fields, "seen_by");
        nameText(fields, "content");
        std::map<std::string, std::vector<std::string>> byPerson;
        for (const auto &classification : listAt(&classes)) {
            const std::string name = className(classification);
            for (const std::string &person : peopleBehind(classification)) {
                if (!name.empty())
                    byPerson[person].push_back(name);
            }
        }
        if (byPerson.empty() && places.is_array() && !places.empty())
            return {nullptr, OnlySpans};
        std::vector<Answer> answers;
        for (auto &[person, labels] : byPerson)
            answers.emplace_back(std::move(labels));
        return agreed(answers);
    });
}

}  // namespace

const Tool LightTag{isFrom, read};

}  // namespace core::annotation
