// SPDX-License-Identifier: Apache-2.0
// Labelbox: its NDJSON with data rows and projects, and the older export with "Labeled Data" and "Label".
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <map>

namespace core::annotation {

namespace {

/// What a person answered, by question, in order.
using Answers = std::vector<std::pair<std::string, Answer>>;

bool isFrom(const RecordFile &file)
{
    return std::any_of(file.records.begin(), file.records.end(), [](const Record &record) {
        return (objectMember(record.fields, "data_row") && objectMember(record.fields, "projects")) ||
               (member(record.fields, "Labeled Data") && member(record.fields, "Label"));
    });
}

/// The name of an answer, or its value.
std::string answerName(const ordered_json &answer)
{
    for (const char *name : {"name", "title", "value"}) {
        if (std::string text = textIn(answer, name); !text.empty())
            return text;
    }
    return nameOf(answer);
}

/// "radio_answer", "checklist_answers", "text_answer"; "answer" and "answers" of the older export.
Answer answerIn(const ordered_json &classification)
{
    for (const char *name : {"radio_answer", "answer"}) {
        if (const ordered_json *one = member(classification, name); one && !one->is_array()) {
            std::string label = answerName(*one);
            return label.empty() ? Answer() : Answer(std::vector{std::move(label)});
        }
    }
    for (const char *name : {"checklist_answers", "answers", "answer"}) {
        const ordered_json *list = listMember(classification, name);
        if (!list)
            continue;
        std::vector<std::string> labels;
        for (const auto &item : *list) {
            if (std::string label = answerName(item); !label.empty())
                labels.push_back(std::move(label));
        }
        return labels.empty() ? Answer() : Answer(std::move(labels));
    }
    if (const ordered_json *text = objectMember(classification, "text_answer"))
        return answerOf(textIn(*text, "content"));
    return {};
}

/// Sets `places` where objects within the text are marked.
Answers answersIn(const ordered_json &annotations, bool &places)
{
    Answers answers;
    const ordered_json *objects = listMember(annotations, "objects");
    places |= objects && !objects->empty();
    const ordered_json *list = listMember(annotations, "classifications");
    for (const auto &classification : listAt(list)) {
        std::string question = answerName(classification);
        if (!question.empty())
            answers.emplace_back(std::move(question), answerIn(classification));
    }
    return answers;
}

/// A text at an address is not opened.
bool isAddress(const std::string &text)
{
    return (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("gs://") ||
            text.starts_with("s3://")) &&
           text.find_first_of(" \n") == std::string::npos;
}

/// What all people answered, one after the other.
std::vector<Answers> peopleOf(const ordered_json &fields, bool &places)
{
    std::vector<Answers> people;
    const ordered_json *projects = objectMember(fields, "projects");
    for (const auto &project : objectAt(projects)) {
        const ordered_json *labels = listMember(project, "labels");
        for (const auto &label : listAt(labels)) {
            if (const ordered_json *annotations = objectMember(label, "annotations"))
                people.push_back(answersIn(*annotations, places));
        }
    }
    if (const ordered_json *cell = member(fields, "Label")) {
        const ordered_json label = valueOf(*cell);
        if (label.is_object())
            people.push_back(answersIn(label, places));
    }
    return people;
}

/// The first question that anybody answered.
std::string questionOf(const RecordFile &file)
{
    for (const Record &record : file.records) {
        bool places = false;
        for (const Answers &answers : peopleOf(record.fields, places)) {
            for (const auto &[question, answer] : answers) {
                if (answer)
                    return question;
            }
        }
    }
    return {};
}

Verdict readRow(ordered_json &fields, const std::string &question)
{
    bool places = false;
    const std::vector<Answers> people = peopleOf(fields, places);
    const ordered_json *row = objectMember(fields, "data_row");
    const std::string text = row ? textIn(*row, "row_data") : textIn(fields, "Labeled Data");
    const ordered_json *skip = member(fields, "Skipped");
    const bool skipped = skip && (*skip == true || *skip == "true" || *skip == "True");
    ordered_json kept = ordered_json::object();
    appendField(kept, "text", text);
    const std::string id = row ? textIn(*row, "external_id").empty() ? textIn(*row, "id") : textIn(*row, "external_id")
                               : textIn(fields, "ID");
    if (!id.empty())
        appendField(kept, "id", id);
    if (people.size() == 1) {
        for (const auto &[name, answer] : people.front()) {
            if (name != question && answer && !kept.contains(name))
                appendField(kept, name, labelOf(answer));
        }
    }
    fields = std::move(kept);
    if (skipped)
        return {nullptr, "a person skipped this row"};
    if (isAddress(text))
        return {nullptr, "its text is at an address on the web, which is not opened"};
    if (places && question.empty())
        return {nullptr, OnlySpans};
    std::vector<Answer> answers;
    for (const Answers &each : people) {
        const auto found =
            std::find_if(each.begin(), each.end(), [&](const auto &pair) { return pair.first == question; });
        answers.push_back(found == each.end() ? Answer() : found->second);
    }
    return agreed(answers);
}

void read(RecordFile &file)
{
    const std::string question = questionOf(file);
    file.notes.push_back(question.empty() ? "This is an export of Labelbox, in which no row is classified."
                                          : "This is an export of Labelbox: the answers to \"" +
                                                question.substr(0, 60) + "\" are the labels.");
    rewrite(file, [&](ordered_json &fields) { return readRow(fields, question); });
}

}  // namespace

const Tool Labelbox{isFrom, read};

}  // namespace core::annotation
