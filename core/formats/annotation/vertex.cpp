// SPDX-License-Identifier: Apache-2.0
// Google Vertex AI and AutoML: {"textContent": ..., "classificationAnnotation": {"displayName": ...}}.
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>

namespace core::annotation {

namespace {

bool isFrom(const RecordFile &file)
{
    const auto isItem = [](const Record &record) {
        return member(record.fields, "textContent") || member(record.fields, "textGcsUri") ||
               objectMember(record.fields, "textSnippet");
    };
    const bool annotated = anyHas(file, "classificationAnnotation") || anyHas(file, "classificationAnnotations") ||
                           anyHas(file, "sentimentAnnotation") || anyHas(file, "annotations") ||
                           anyHas(file, "textSegmentAnnotations") || anyHas(file, "dataItemResourceLabels");
    return annotated && std::all_of(file.records.begin(), file.records.end(), isItem);
}

void addName(const ordered_json &annotation, std::vector<std::string> &labels)
{
    for (const char *name : {"displayName", "display_name"}) {
        if (std::string label = textIn(annotation, name); !label.empty())
            return labels.push_back(std::move(label));
    }
}

void read(RecordFile &file)
{
    file.notes.push_back("This is a data set of Vertex AI: its classification annotations are the labels.");
    rewrite(file, [](ordered_json &fields) -> Verdict {
        std::vector<std::string> labels;
        addName(take(fields, "classificationAnnotation"), labels);
        for (const char *name : {"classificationAnnotations", "annotations"}) {
            const ordered_json list = take(fields, name);
            for (const auto &annotation : listAt(&list))
                addName(annotation, labels);
        }
        const ordered_json mood = take(fields, "sentimentAnnotation");
        if (const ordered_json *number = member(mood, "sentiment");
            number && labels.empty() && !nameOf(*number).empty())
            labels.push_back(nameOf(*number));
        const ordered_json resource = take(fields, "dataItemResourceLabels");
        if (const std::string use = textIn(resource, "aiplatform.googleapis.com/ml_use");
            !use.empty() && !member(fields, "split"))
            appendField(fields, "split", use);
        const bool places = !take(fields, "textSegmentAnnotations").is_null();
        if (const ordered_json snippet = take(fields, "textSnippet"); stringMember(snippet, "content"))
            appendField(fields, "textContent", *member(snippet, "content"));
        if (!stringMember(fields, "textContent"))
            return {nullptr, "its text is in another file, which this one only names"};
        nameText(fields, "textContent");
        if (labels.empty() && places)
            return {nullptr, OnlySpans};
        return {labels.empty() ? ordered_json() : labelOf(std::move(labels))};
    });
}

}  // namespace

const Tool Vertex{isFrom, read};

}  // namespace core::annotation
