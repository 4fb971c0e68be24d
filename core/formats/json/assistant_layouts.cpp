// SPDX-License-Identifier: Apache-2.0
// Training files of assistants: texts with their intents.
#include "core/formats/json/array_rows.h"
#include "core/formats/json/document_layouts.h"
#include "core/formats/json/json_scan.h"

#include <algorithm>
#include <array>

using nlohmann::ordered_json;

namespace core {

namespace {

constexpr std::array LabelNames{"tag", "intent", "name", "label", "class", "category", "displayName", "intentName"};
constexpr std::array TextLists{"patterns",  "examples", "utterances", "phrases",         "texts",           "sentences",
                               "questions", "samples",  "queries",    "trainingPhrases", "training_phrases"};

/// The text that an utterance is: a text, {"text": ...}, or parts that have one each, {"data": [{"text": ...}, ...]}.
std::string textOf(const ordered_json &utterance)
{
    if (utterance.is_string())
        return utterance.get<std::string>();
    if (!utterance.is_object())
        return {};
    if (const auto text = utterance.find("text"); text != utterance.end() && text->is_string())
        return text->get<std::string>();
    for (const char *name : {"data", "parts"}) {
        const auto parts = utterance.find(name);
        if (parts == utterance.end() || !parts->is_array())
            continue;
        std::string text;
        for (const auto &part : *parts) {
            if (part.is_object() && part.contains("text") && part["text"].is_string())
                text += part["text"].get_ref<const std::string &>();
        }
        return text;
    }
    return {};
}

ordered_json labelled(std::string text, ordered_json label)
{
    ordered_json fields = ordered_json::object();
    appendField(fields, "text", std::move(text));
    appendField(fields, "label", std::move(label));
    return fields;
}

void addUtterance(const ordered_json &utterance, const ordered_json &label, RowSink &sink)
{
    const int64_t number = sink.nextNumber();
    if (std::string text = textOf(utterance); !text.empty())
        sink.add(number, labelled(std::move(text), label));
    else
        sink.reject(number, "it has no text");
}

/// All utterances of an intent, which may stand under their languages.
void addUtterances(const ordered_json &utterances, const ordered_json &label, RowSink &sink)
{
    if (utterances.is_array()) {
        for (const auto &utterance : utterances)
            addUtterance(utterance, label, sink);
    } else if (utterances.is_object()) {
        for (const auto &[language, list] : utterances.items()) {
            if (list.is_array())
                addUtterances(list, label, sink);
        }
    }
}

/// Rows with text and intent in the fields; the intent is the label.
void readUtterances(std::string_view list, RowSink &sink)
{
    RecordFile rows;
    RowSink inner(rows, sink.nextNumber() - 1);
    readArrayRows(list, 0, inner);
    inner.finish();
    for (std::string &note : rows.notes)
        sink.note(std::move(note));
    for (Rejection &rejection : rows.rejections)
        sink.reject(rejection.row, std::move(rejection.reason));
    for (Record &record : rows.records) {
        std::string text = textOf(record.fields);
        if (text.empty()) {
            sink.reject(record.row, record.fields.contains("location")
                                        ? "its text is in another file, which this one only names"
                                        : "it has no text");
            continue;
        }
        ordered_json label;
        for (const char *name : {"intent", "intentName", "intent_name"}) {
            if (const auto found = record.fields.find(name); found != record.fields.end() && label.is_null())
                label = *found;
        }
        if (label.is_object() && label.contains("name"))
            label = ordered_json(label["name"]);
        ordered_json fields = labelled(std::move(text), std::move(label));
        for (auto &[name, value] : record.fields.items()) {
            const std::string field = name == "dataset" ? "split" : name;
            if (!fields.contains(field) && name.find("intent") != 0)
                appendField(fields, field, std::move(value));
        }
        sink.add(record.row, std::move(fields));
    }
}

/// The first of the names that the object has; null when none.
template <class Names>
const ordered_json *firstOf(const ordered_json &object, const Names &names)
{
    for (const char *name : names) {
        if (const auto found = object.find(name); found != object.end())
            return &*found;
    }
    return nullptr;
}

/// {"intents": [{"tag": "delivery", "patterns": ["late again"]}]} and its kin.
bool readIntentList(const JsonMember &intents, RowSink &sink)
{
    JsonParts parts(intents.value);
    bool any = false;
    while (parts.next()) {
        const auto intent = sink.parse(sink.nextNumber(), parts.value());
        if (!intent || !intent->is_object()) {
            if (any)
                sink.reject(sink.nextNumber(), parts.isWhole() ? intent ? "it is no intent" : intent.error().message
                                                               : "the file ends in the middle of it");
            continue;
        }
        const ordered_json *label = firstOf(*intent, LabelNames), *texts = firstOf(*intent, TextLists);
        if (!label || !label->is_string() || !texts)
            continue;
        any = true;
        addUtterances(*texts, *label, sink);
    }
    return any;
}

/// Snips: {"intents": {"delivery": {"utterances": [{"data": [{"text": ...}]}]}}}
bool readIntentMap(const JsonMember &intents, RowSink &sink)
{
    bool any = false;
    const JsonObject byName = membersOf(intents.value);
    for (const JsonMember &intent : byName.members) {
        const JsonObject parts = membersOf(intent.isObject() ? intent.value : "{}");
        const JsonMember *utterances = parts.find("utterances");
        if (!utterances || !utterances->isList())
            continue;
        JsonParts list(utterances->value);
        while (list.next()) {
            any = true;
            const auto utterance = sink.parse(sink.nextNumber(), list.value());
            if (utterance)
                addUtterance(*utterance, intent.name, sink);
            else
                sink.reject(sink.nextNumber(),
                            list.isWhole() ? utterance.error().message : "the file ends in the middle of it");
        }
    }
    return any;
}

/// The benchmark of Snips: {"AddToPlaylist": [{"data": [{"text": ...}]}]}
bool readIntentsOfParts(const JsonObject &object, RowSink &sink)
{
    const auto isIntent = [](const JsonMember &member) {
        const std::string_view first = member.isList() ? firstPart(member.value) : std::string_view();
        const JsonObject utterance = membersOf(first.starts_with('{') ? first : "{}");
        const JsonMember *data = utterance.find("data");
        return data && utterance.members.size() == 1 && data->isList() && firstPart(data->value).starts_with('{');
    };
    if (!std::all_of(object.members.begin(), object.members.end(), isIntent))
        return false;
    for (const JsonMember &member : object.members) {
        JsonParts list(member.value);
        while (list.next()) {
            const auto utterance = sink.parse(sink.nextNumber(), list.value());
            if (utterance)
                addUtterance(*utterance, member.name, sink);
            else
                sink.reject(sink.nextNumber(),
                            list.isWhole() ? utterance.error().message : "the file ends in the middle of it");
        }
    }
    return true;
}

const JsonMember *listIn(const JsonObject &object, const char *name)
{
    const JsonMember *member = object.find(name);
    return member && member->isList() ? member : nullptr;
}

}  // namespace

bool readAssistant(const JsonObject &object, RowSink &sink)
{
    constexpr const char *Said = "This is the training file of an assistant: the intents are the labels.";
    if (const JsonMember *rasa = object.find("rasa_nlu_data"); rasa && rasa->isObject()) {
        const JsonObject inner = membersOf(rasa->value);
        if (const JsonMember *list = listIn(inner, "common_examples")) {
            readUtterances(list->value, sink);
            sink.note(Said);
            return true;
        }
    }
    if (const JsonMember *assets = object.find("assets"); assets && assets->isObject()) {
        const JsonObject inner = membersOf(assets->value);
        for (const char *name : {"utterances", "documents"}) {
            if (const JsonMember *list = listIn(inner, name)) {
                readUtterances(list->value, sink);
                sink.note(Said);
                return true;
            }
        }
    }
    const JsonMember *intents = object.find("intents"), *utterances = listIn(object, "utterances");
    if (utterances && firstPart(utterances->value).starts_with('{') &&
        (intents || object.find("luis_schema_version"))) {
        readUtterances(utterances->value, sink);
        sink.note(Said);
        return true;
    }
    const bool read = intents && (intents->isList()     ? readIntentList(*intents, sink)
                                  : intents->isObject() ? readIntentMap(*intents, sink)
                                                        : false);
    if (!read && !readIntentsOfParts(object, sink))
        return false;
    sink.note(Said);
    return true;
}

void spreadPatterns(RecordFile &file)
{
    const auto isGroup = [](const Record &record) {
        const ordered_json *label = firstOf(record.fields, LabelNames), *texts = firstOf(record.fields, TextLists);
        return label && label->is_string() && texts && texts->is_array() && !texts->empty() &&
               !record.fields.contains("text") &&
               std::all_of(texts->begin(), texts->end(), [](const auto &text) { return text.is_string(); });
    };
    if (file.records.empty() || !std::all_of(file.records.begin(), file.records.end(), isGroup))
        return;
    std::vector<Record> rows;
    for (const Record &record : file.records) {
        const ordered_json &texts = *firstOf(record.fields, TextLists);
        for (const ordered_json &text : texts)
            rows.push_back({record.row, labelled(text.get<std::string>(), *firstOf(record.fields, LabelNames))});
    }
    file.records = std::move(rows);
    file.notes.push_back("Each row of this file is a label with a list of texts: each text becomes a row.");
}

}  // namespace core
