// SPDX-License-Identifier: Apache-2.0
// Argilla: records of version 1 with an annotation and a status, and of the feedback data sets and version 2, in which
// several people respond to questions.
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <array>

namespace core::annotation {

namespace {

/// More are not looked at.
constexpr size_t MostQuestions = 100;
constexpr const char *Discarded = "a person discarded this row";

bool endsWith(std::string_view name, std::string_view end)
{
    return name.size() > end.size() && name.ends_with(end);
}

// Version 1.

bool isStatus(const ordered_json &value)
{
    return value == "Default" || value == "Validated" || value == "Discarded" || value == "Edited";
}

bool isFirst(const RecordFile &file)
{
    if (!eachHas(file, "annotation"))
        return false;
    const bool status =
        eachHas(file, "status") && std::all_of(file.records.begin(), file.records.end(), [](const auto &r) {
            return r.fields["status"].is_null() || isStatus(r.fields["status"]);
        });
    const bool agent = anyHas(file, "annotation_agent") || anyHas(file, "prediction_agent");
    return (status && (agent || anyHas(file, "prediction") || anyHas(file, "multi_label") || anyHas(file, "inputs"))) ||
           (agent && anyHas(file, "prediction"));
}

void readFirst(RecordFile &file)
{
    file.notes.push_back("This is an export of Argilla: validated annotations are the labels. Predictions are none.");
    rewrite(file, [](ordered_json &fields) -> Verdict {
        const ordered_json annotation = valueOf(take(fields, "annotation")), inputs = valueOf(take(fields, "inputs"));
        const std::string status = textIn(fields, "status");
        const ordered_json *several = member(fields, "multi_label");
        const bool mayBeNone = several && (*several == true || *several == "True" || *several == "true");
        for (const char *name : {"prediction", "prediction_agent", "annotation_agent", "vectors", "explanation",
                                 "metrics", "multi_label", "search_keywords", "event_timestamp", "tokens"})
            take(fields, name);
        if (inputs.is_object() && !stringMember(fields, "text")) {
            take(fields, "text");
            appendField(fields, "inputs", inputs);
            spread(fields, "inputs");
            for (const auto &[name, value] : inputs.items()) {
                if (inputs.size() == 1)
                    nameText(fields, name);
            }
        }
        if (status == "Discarded")
            return {nullptr, Discarded};
        if (isSpans(annotation))
            return {nullptr, OnlySpans};
        // Without a status the annotation is all there is.
        if (status == "Default" || annotation.is_null())
            return {nullptr};
        Answer answer = answerOf(annotation);
        if (answer && answer->empty() && !mayBeNone)
            return {nullptr};
        return {labelOf(answer)};
    });
}

// Responses.

/// A response of a person to a question.
struct Response {
    ordered_json value;
    std::string status{};  ///< empty: the export does not say
};

/// {"user_id": ..., "value": ..., "status": "submitted"} in a list, or the same as columns of lists.
bool isResponses(const ordered_json &value)
{
    const auto isOne = [](const ordered_json &item) {
        return member(item, "value") && (member(item, "user_id") || member(item, "status"));
    };
    if (value.is_array())
        return !value.empty() && std::all_of(value.begin(), value.end(), isOne);
    return listMember(value, "value") && (listMember(value, "user_id") || listMember(value, "status"));
}

std::vector<Response> responsesIn(const ordered_json &value)
{
    std::vector<Response> responses;
    if (value.is_array()) {
        for (const auto &item : value)
            responses.push_back({member(item, "value") ? item["value"] : ordered_json(), textIn(item, "status")});
    } else if (const ordered_json *values = listMember(value, "value")) {
        const ordered_json *states = listMember(value, "status");
        for (size_t i = 0; i < values->size(); ++i) {
            const ordered_json state = states && i < states->size() ? (*states)[i] : ordered_json();
            responses.push_back({(*values)[i], state.is_string() ? state.get<std::string>() : std::string()});
        }
    }
    return responses;
}

/// The names of the questions that a record answers, however it is written.
std::vector<std::string> questionsIn(const ordered_json &fields)
{
    std::vector<std::string> names;
    for (const auto &[name, cell] : fields.items()) {
        if (endsWith(name, ".responses"))
            names.push_back(name.substr(0, name.size() - 10));
        else if (endsWith(name, "-suggestion") && fields.contains(name.substr(0, name.size() - 11)))
            names.push_back(name.substr(0, name.size() - 11));
    }
    for (const char *where : {"responses", "suggestions"}) {
        const ordered_json *found = member(fields, where);
        if (found && found->is_object()) {
            for (const auto &[name, list] : found->items())
                names.push_back(name);
        }
        for (const auto &response : listAt(found)) {
            const ordered_json &values = objectAt(member(response, "values"));
            for (const auto &[name, value] : values.items())
                names.push_back(name);
            if (std::string name = textIn(response, "question_name"); !name.empty())
                names.push_back(std::move(name));
        }
    }
    return names;
}

std::vector<Response> responsesTo(const ordered_json &fields, const std::string &question)
{
    if (const ordered_json *flat = member(fields, question + ".responses")) {
        const ordered_json values = valueOf(*flat);
        const ordered_json *cell = member(fields, question + ".responses.status");
        const ordered_json states = cell ? valueOf(*cell) : ordered_json();
        ordered_json both{{"value", values.is_array() ? values : ordered_json::array()}, {"status", states}};
        return responsesIn(both);
    }
    const ordered_json *responses = member(fields, "responses");
    if (responses && responses->is_object()) {
        const ordered_json *list = member(*responses, question);
        return list ? responsesIn(*list) : std::vector<Response>();
    }
    std::vector<Response> found;
    for (const auto &response : listAt(responses)) {
        const ordered_json *values = objectMember(response, "values");
        if (const ordered_json *answer = values ? objectMember(*values, question) : nullptr)
            found.push_back(
                {member(*answer, "value") ? (*answer)["value"] : ordered_json(), textIn(response, "status")});
        else if (textIn(response, "status") == "discarded")
            found.push_back({nullptr, "discarded"});
    }
    if (const ordered_json *column = member(fields, question); column && found.empty())
        return responsesIn(valueOf(*column));
    return found;
}

bool isSecond(const RecordFile &file)
{
    return std::any_of(file.records.begin(), file.records.end(), [](const Record &record) {
        const auto &fields = record.fields;
        for (const auto &[name, value] : fields.items()) {
            const std::string base = endsWith(name, ".responses")    ? name.substr(0, name.size() - 10)
                                     : endsWith(name, ".suggestion") ? name.substr(0, name.size() - 11)
                                     : endsWith(name, "-suggestion") ? name.substr(0, name.size() - 11)
                                                                     : std::string();
            if (base.empty())
                continue;
            const ordered_json *plain = member(fields, base);
            if (fields.contains(base + ".responses.status") || fields.contains(base + ".responses.users") ||
                fields.contains(base + ".suggestion.score") || fields.contains(base + ".suggestion.agent") ||
                (plain && isResponses(valueOf(*plain))) || fields.contains(base + "-suggestion-metadata"))
                return true;
        }
        const ordered_json *responses = member(fields, "responses");
        return objectMember(fields, "fields") && responses && (responses->is_object() || responses->is_array()) &&
               (member(fields, "suggestions") || member(fields, "_server_id") || member(fields, "external_id"));
    });
}

/// Whether it can be the name of a class: a text, or a list of some.
bool isChoice(const ordered_json &value)
{
    return value.is_string() || value.is_number_integer() ||
           (value.is_array() &&
            std::all_of(value.begin(), value.end(), [](const auto &item) { return item.is_string(); }));
}

struct Questions {
    std::vector<std::string> names;
    bool places = false;  ///< some answers mark places
    bool stated = true;   ///< the export says which answers were submitted
};

/// The questions with answers that can be labels; "label" and its like first.
Questions questionsOf(const RecordFile &file)
{
    Questions questions;
    std::vector<std::string> all;
    for (const Record &record : file.records) {
        for (const std::string &name : questionsIn(record.fields)) {
            if (all.size() < MostQuestions && std::find(all.begin(), all.end(), name) == all.end())
                all.push_back(name);
        }
    }
    for (const std::string &name : all) {
        bool choices = false;
        for (const Record &record : file.records) {
            for (const Response &response : responsesTo(record.fields, name)) {
                questions.places |= isSpans(response.value);
                questions.stated &= !response.status.empty();
                choices |= isChoice(response.value);
            }
        }
        if (choices)
            questions.names.push_back(name);
    }
    std::stable_sort(questions.names.begin(), questions.names.end(), [](const auto &a, const auto &b) {
        const auto rank = [](const std::string &name) { return name == "label" || name == "labels" ? 0 : 1; };
        return rank(a) < rank(b);
    });
    return questions;
}

Answer answered(const Response &response)
{
    const bool counts = response.status.empty() || response.status == "submitted";
    return counts && !isSpans(response.value) ? answerOf(response.value) : Answer();
}

Verdict readResponses(ordered_json &fields, const std::string &question, const Questions &questions)
{
    const std::vector<Response> responses = responsesTo(fields, question);
    std::vector<Answer> answers;
    bool discarded = false;
    for (const Response &response : responses) {
        answers.push_back(answered(response));
        discarded |= response.status == "discarded";
    }
    std::vector<std::pair<std::string, ordered_json>> others;
    for (const std::string &other : questions.names) {
        const auto given = responsesTo(fields, other);
        if (other == question || given.empty() || !answered(given.front()))
            continue;
        others.emplace_back(other, labelOf(answered(given.front())));
    }
    std::vector<std::string> gone{"responses", "suggestions", "vectors", "_server_id"};
    for (const auto &[name, value] : fields.items()) {
        if (name.find(".responses") != std::string::npos || name.find(".suggestion") != std::string::npos ||
            name.find("-suggestion") != std::string::npos || isResponses(value))
            gone.push_back(name);
    }
    for (const std::string &name : questions.names)
        gone.push_back(name);
    for (const std::string &name : gone)
        take(fields, name);
    spread(fields, "fields");
    for (auto &[name, value] : others) {
        if (!fields.contains(name))
            appendField(fields, name, std::move(value));
    }
    const bool none =
        std::none_of(answers.begin(), answers.end(), [](const Answer &answer) { return answer.has_value(); });
    if (none && (discarded || textIn(fields, "status") == "discarded"))
        return {nullptr, Discarded};
    if (question.empty() && questions.places)
        return {nullptr, OnlySpans};
    return agreed(answers);
}

void readSecond(RecordFile &file)
{
    const Questions questions = questionsOf(file);
    const std::string question = questions.names.empty() ? "" : questions.names.front();
    file.notes.push_back(question.empty() ? "This is an export of Argilla, in which no row is labelled."
                                          : "This is an export of Argilla: submitted answers to \"" +
                                                question.substr(0, 60) + "\" are the labels. Suggestions are none.");
    if (!question.empty() && !questions.stated)
        file.notes.push_back("It does not say which answers were submitted: all count.");
    for (size_t i = 1; i < questions.names.size(); ++i)
        file.notes.push_back("The answers to \"" + questions.names[i].substr(0, 60) + "\" are kept beside the labels.");
    RecordFile texts;
    for (size_t i = 0; i < std::min<size_t>(file.records.size(), 200); ++i) {
        const ordered_json *inner = objectMember(file.records[i].fields, "fields");
        texts.records.push_back({0, inner ? *inner : file.records[i].fields});
    }
    std::vector<std::string> others{"id", "status", "external_id", "_server_id"};
    others.insert(others.end(), questions.names.begin(), questions.names.end());
    const std::string text = textColumn(texts, others);
    rewrite(file, [&](ordered_json &fields) {
        Verdict verdict = readResponses(fields, question, questions);
        nameText(fields, text);
        return verdict;
    });
}

}  // namespace

const Tool Argilla1{isFirst, readFirst};
const Tool Argilla2{isSecond, readSecond};

}  // namespace core::annotation
