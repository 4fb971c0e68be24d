// SPDX-License-Identifier: Apache-2.0
// Kili: assets with labels whose jsonResponse names categories by job.
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <set>

namespace core::annotation {

namespace {

bool isLabels(const ordered_json &fields)
{
    const ordered_json *labels = listMember(fields, "labels");
    return labels && std::all_of(labels->begin(), labels->end(),
                                 [](const auto &label) { return objectMember(label, "jsonResponse"); });
}

bool isFrom(const RecordFile &file)
{
    return std::all_of(file.records.begin(), file.records.end(),
                       [](const Record &record) {
                           return stringMember(record.fields, "content") && isLabels(record.fields);
                       }) &&
           std::any_of(file.records.begin(), file.records.end(),
                       [](const Record &record) { return !record.fields["labels"].empty(); });
}

/// The categories that a label names for the job; `job` is set to the first that names any.
Answer categoriesIn(const ordered_json &label, std::string &job)
{
    const ordered_json &response = objectAt(member(label, "jsonResponse"));
    for (const auto &[name, answer] : response.items()) {
        const ordered_json *categories = listMember(answer, "categories");
        if (!categories || categories->empty() || (!job.empty() && job != name))
            continue;
        std::vector<std::string> names;
        for (const auto &category : *categories) {
            if (std::string text = textIn(category, "name"); !text.empty())
                names.push_back(std::move(text));
        }
        job = name;
        return names.empty() ? Answer() : Answer(std::move(names));
    }
    return {};
}

void read(RecordFile &file)
{
    static const std::set<std::string> NotByPeople{"PREDICTION", "INFERENCE", "AUTOSAVE"};
    std::string job;
    file.notes.push_back("This is an export of Kili: the categories that people chose are the labels.");
    rewrite(file, [&](ordered_json &fields) -> Verdict {
        const ordered_json labels = take(fields, "labels");
        nameText(fields, "content");
        std::vector<Answer> answers;
        for (const auto &label : labels) {
            const ordered_json *latest = member(label, "isLatestLabelForUser");
            if (!NotByPeople.contains(textIn(label, "labelType")) && !(latest && *latest == false))
                answers.push_back(categoriesIn(label, job));
        }
        return agreed(answers);
    });
}

}  // namespace

const Tool Kili{isFrom, read};

}  // namespace core::annotation
