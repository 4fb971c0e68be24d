// SPDX-License-Identifier: Apache-2.0
// The output manifest of Amazon SageMaker Ground Truth: {"source": ..., "job": 0, "job-metadata": {"class-name": ...}}.
#include "core/formats/annotation/tool.h"

#include <algorithm>

namespace core::annotation {

namespace {

constexpr std::string_view Metadata = "-metadata";

/// The name of the labelling job, or empty.
std::string jobOf(const ordered_json &fields)
{
    for (const auto &[name, value] : fields.items()) {
        if (!name.ends_with(Metadata) || !value.is_object())
            continue;
        const std::string job = name.substr(0, name.size() - Metadata.size());
        if (textIn(value, "type").starts_with("groundtruth/") || member(value, "class-name") ||
            member(value, "class-map"))
            return job;
    }
    return {};
}

bool isFrom(const RecordFile &file)
{
    const auto hasSource = [](const Record &record) {
        return member(record.fields, "source") || member(record.fields, "source-ref");
    };
    return std::all_of(file.records.begin(), file.records.end(), hasSource) &&
           std::any_of(file.records.begin(), file.records.end(),
                       [](const Record &r) { return !jobOf(r.fields).empty(); });
}

Answer answerIn(const ordered_json &metadata)
{
    if (const std::string name = textIn(metadata, "class-name"); !name.empty())
        return std::vector{name};
    const ordered_json *map = objectMember(metadata, "class-map");
    if (!map)
        return {};
    std::vector<std::string> labels;
    for (const auto &name : *map) {
        if (!nameOf(name).empty())
            labels.push_back(nameOf(name));
    }
    return labels;
}

void read(RecordFile &file)
{
    file.notes.push_back(
        "This is a manifest of SageMaker Ground Truth: the class names that people gave are the labels. "
        "Those that a machine gave are none.");
    rewrite(file, [](ordered_json &fields) -> Verdict {
        const std::string job = jobOf(fields);
        const ordered_json metadata = take(fields, job + std::string(Metadata));
        if (!job.empty())
            take(fields, job);
        if (!stringMember(fields, "source"))
            return {nullptr, "its text is in another file, which this one only names"};
        nameText(fields, "source");
        if (textIn(metadata, "type").find("named-entity") != std::string::npos || objectMember(metadata, "entities"))
            return {nullptr, OnlySpans};
        if (textIn(metadata, "human-annotated") == "no" || member(metadata, "failure-reason"))
            return {nullptr};
        return {labelOf(answerIn(metadata))};
    });
}

}  // namespace

const Tool GroundTruth{isFrom, read};

}  // namespace core::annotation
