// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/document_layouts.h"

#include "core/formats/json/array_rows.h"
#include "core/formats/json/column_words.h"
#include "core/formats/json/json_scan.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace core {

namespace {

using namespace std::string_view_literals;

/// Rows stand at most so many objects deep.
constexpr int MostLevels = 3;

constexpr std::array RowNames{"data"sv,     "rows"sv,    "examples"sv,  "items"sv,      "records"sv,   "train"sv,
                              "results"sv,  "entries"sv, "documents"sv, "docs"sv,       "samples"sv,   "instances"sv,
                              "dataset"sv,  "tickets"sv, "messages"sv,  "utterances"sv, "sentences"sv, "reviews"sv,
                              "comments"sv, "hits"sv,    "response"sv,  "result"sv,     "value"sv,     "features"sv,
                              "list"sv,     "content"sv, "texts"sv,     "questions"sv,  "posts"sv,     "tweets"sv};

bool holdsObjects(const JsonMember &member)
{
    return member.isList() && firstPart(member.value).starts_with('{');
}

bool holdsLists(const JsonMember &member)
{
    return member.isList() && firstPart(member.value).starts_with('[');
}

bool holdsTexts(const JsonMember &member)
{
    const std::string_view first = member.isList() ? firstPart(member.value) : std::string_view();
    return first.starts_with('"') || first.starts_with('\'');
}

bool holdsRows(const JsonMember &member)
{
    return (isRowName(member.name) || isSplitWord(member.name)) && (holdsObjects(member) || holdsLists(member));
}

/// The signs of a row that stands alone in its file.
bool isOneRow(const JsonObject &object)
{
    static constexpr std::array Texts{"text"sv, "sentence"sv, "utterance"sv, "question"sv, "prompt"sv};
    const auto has = [&](std::string_view name, char kind) {
        const JsonMember *member = object.find(name);
        return member && member->kind() == kind;
    };
    const auto listHas = [&](std::string_view name, std::string_view word) {
        return has(name, '[') && firstPart(object.find(name)->value).find(word) != std::string_view::npos;
    };
    // A file of rows may have a title and a description.
    const bool rows = std::any_of(object.members.begin(), object.members.end(), holdsRows);
    const bool text = std::any_of(object.members.begin(), object.members.end(), [&](const JsonMember &member) {
        return member.isString() &&
               (rows ? std::find(Texts.begin(), Texts.end(), member.name) != Texts.end() : isTextWord(member.name));
    });
    return text || listHas("messages", "\"role\"") || listHas("conversations", "\"from\"") ||
           (has("data", '{') && (has("annotations", '[') || has("completions", '[') || has("predictions", '['))) ||
           (has("fields", '{') && (object.find("responses") || object.find("suggestions"))) ||
           (has("data_row", '{') && has("projects", '{'));
}

void readList(const JsonMember &list, RowSink &sink)
{
    readArrayRows(list.value, 0, sink);
}

/// The list of names that the value is, or nothing.
std::vector<std::string> namesIn(const nlohmann::ordered_json &value)
{
    std::vector<std::string> names;
    if (!value.is_array())
        return names;
    for (const auto &item : value)
        names.push_back(item.is_string() ? item.get<std::string>() : item.dump());
    return names;
}

/// Class names that stand beside the rows, as a list or in the description of the columns.
void takeClassNames(const JsonObject &object, RowSink &sink)
{
    RecordFile scratch;
    RowSink parser(scratch);
    for (const char *name : {"label_names", "class_names", "target_names"}) {
        const JsonMember *member = object.find(name);
        if (!member || !member->whole || !holdsTexts(*member))
            continue;
        if (const auto names = parser.parse(0, member->value))
            sink.file().classNames = namesIn(*names);
        return;
    }
    const JsonMember *features = object.find("features");
    const auto list = features && features->whole && object.find("rows") ? parser.parse(0, features->value)
                                                                         : base::Result<nlohmann::ordered_json>();
    if (!list || !list->is_array())
        return;
    for (const auto &feature : *list) {
        if (feature.is_object() && feature.contains("type") && feature["type"].is_object() &&
            feature["type"].contains("names"))
            sink.file().classNames = namesIn(feature["type"]["names"]);
    }
}

bool readInner(std::string_view object, RowSink &sink, int level);

/// Members whose names are splits, each with rows in any layout.
bool readSplits(const JsonObject &object, RowSink &sink, int level)
{
    const auto isSplit = [](const JsonMember &member) {
        return isSplitWord(member.name) &&
               (member.isObject() || holdsObjects(member) || holdsLists(member) || holdsTexts(member));
    };
    std::string names;
    int splits = 0;
    for (const JsonMember &member : object.members) {
        if (isSplit(member))
            names += (splits++ == 0 ? "" : ", ") + member.name.substr(0, 40);
        else if (holdsRows(member))
            return false;
    }
    if (splits == 0)
        return false;
    const PlaceFields outside = sink.place();
    bool read = false;
    for (const JsonMember &member : object.members) {
        if (!isSplit(member))
            continue;
        PlaceFields place = outside;
        place.emplace_back("split", member.name);
        sink.setPlace(std::move(place));
        if (member.isList()) {
            readList(member, sink);
            read = true;
        } else if (readInner(member.value, sink, level + 1)) {
            read = true;
        } else if (read) {
            sink.reject(sink.nextNumber(), "what stands under \"" + member.name.substr(0, 40) + "\" are no rows");
        }
    }
    sink.setPlace(outside);
    if (read)
        sink.note("The rows of this file stand under their splits (" + names.substr(0, 200) +
                  "): each has its split. They are counted through all of them.");
    return read;
}

/// {"delivery": ["late again", ...], ...} and {"delivery": [{"text": ...}], ...}.
bool readLabelsWithRows(const JsonObject &object, RowSink &sink)
{
    const auto &members = object.members;
    const bool objects = std::all_of(members.begin(), members.end(), holdsObjects);
    const bool texts = std::all_of(members.begin(), members.end(), [](const auto &member) {
        return member.isList() && (holdsTexts(member) || firstPart(member.value).empty());
    });
    if (members.size() < 2 || (!objects && !texts))
        return false;
    const PlaceFields outside = sink.place();
    for (const JsonMember &member : members) {
        PlaceFields place = outside;
        place.emplace_back("label", member.name);
        sink.setPlace(std::move(place));
        readList(member, sink);
    }
    sink.setPlace(outside);
    sink.note("The texts of this file stand in lists under their labels.");
    return true;
}

/// Whether a name reads like a text rather than like the name of a column.
bool isSentence(std::string_view name)
{
    const auto letters =
        std::count_if(name.begin(), name.end(), [](char c) { return static_cast<signed char>(c) < 0; });
    return name.find(' ') != std::string_view::npos || name.size() > 30 || letters > 11;
}

/// What the names and values of an object look like.
struct MapLook {
    size_t sentences = 0, names = 0, nameBytes = 0, values = 0, valueBytes = 0;
    std::unordered_set<std::string_view> different{};

    void add(std::string_view value)
    {
        ++values;
        valueBytes += value.size();
        different.insert(value);
    }

    /// Whether the names are texts and the values labels: they are shorter or come again.
    [[nodiscard]] bool isMapOfTexts() const
    {
        const bool shorter = valueBytes * names <= nameBytes * values;
        const bool again = values > 2 && 3 * different.size() <= 2 * values;
        return names > 0 && values > 0 && 2 * sentences >= names && (shorter || again);
    }
};

/// {"late again": "delivery", "money back": ["refund"]}.
bool readTextMap(const JsonObject &object, RowSink &sink)
{
    const auto &members = object.members;
    MapLook look;
    for (const JsonMember &member : members) {
        if (member.isObject() || isTextWord(member.name) || isLabelWord(member.name))
            return false;
        look.sentences += isSentence(member.name) ? 1 : 0;
        look.nameBytes += member.name.size();
        ++look.names;
        if (member.isScalar()) {
            look.add(member.value);
            continue;
        }
        JsonParts items(member.value);
        while (items.next())
            look.add(items.value());
    }
    if (!look.isMapOfTexts())
        return false;
    std::unordered_set<std::string_view> known;
    for (const JsonMember &member : members) {
        const int64_t number = sink.nextNumber();
        if (!known.insert(member.name).second) {
            sink.reject(number, "its text stands in this file twice");
            continue;
        }
        auto label = sink.parse(number, member.value);
        if (!member.whole || !label) {
            sink.reject(number, member.whole ? label.error().message : "the file ends in the middle of it");
            continue;
        }
        nlohmann::ordered_json fields = nlohmann::ordered_json::object();
        appendField(fields, "text", member.name);
        appendField(fields, "label", std::move(*label));
        sink.add(number, std::move(fields));
    }
    sink.note("This file is a map: the names are the texts, the values their labels.");
    return true;
}

/// The member that holds the rows, or null: the first of the usual names, else the only list of objects.
const JsonMember *rowsMember(const JsonObject &object)
{
    for (const std::string_view name : RowNames) {
        const JsonMember *member = object.find(name);
        if (member && (holdsObjects(*member) || holdsLists(*member) || holdsTexts(*member)))
            return member;
    }
    // Under another name the elements have to have a text to be rows.
    const auto isRows = [](const JsonMember &member) {
        static constexpr std::array Parts{"annotations"sv, "entities"sv,    "spans"sv,   "labels"sv, "tokens"sv,
                                          "relations"sv,   "predictions"sv, "options"sv, "choices"sv};
        if (!holdsObjects(member) || std::find(Parts.begin(), Parts.end(), member.name) != Parts.end())
            return false;
        const JsonObject element = membersOf(firstPart(member.value));
        return std::any_of(element.members.begin(), element.members.end(),
                           [](const JsonMember &field) { return field.isString() && isTextWord(field.name); });
    };
    const auto first = std::find_if(object.members.begin(), object.members.end(), isRows);
    const bool only = std::count_if(object.members.begin(), object.members.end(), isRows) == 1;
    return only ? &*first : nullptr;
}

void sayWhere(const JsonObject &object, const JsonMember &rows, RowSink &sink)
{
    sink.note("The rows of this file stand under \"" + rows.name.substr(0, 60) + "\".");
    for (const JsonMember &member : object.members) {
        if (&member != &rows && member.name != "features" && holdsRows(member))
            sink.note("What stands under \"" + member.name.substr(0, 60) + "\" is not read.");
    }
}

bool readNamedRows(const JsonObject &object, RowSink &sink, int level)
{
    if (const JsonMember *rows = rowsMember(object)) {
        readList(*rows, sink);
        sayWhere(object, *rows, sink);
        return true;
    }
    for (const JsonMember &member : object.members) {
        if (member.isObject() && isRowName(member.name) && readInner(member.value, sink, level + 1)) {
            sink.note("The rows of this file stand under \"" + member.name + "\".");
            return true;
        }
    }
    return false;
}

bool readInner(std::string_view text, RowSink &sink, int level)
{
    if (level > MostLevels)
        return false;
    const JsonObject object = membersOf(text);
    if (!object.sound || object.members.empty() || isOneRow(object))
        return false;
    std::unordered_set<std::string_view> names;
    const bool twice = !std::all_of(object.members.begin(), object.members.end(),
                                    [&](const JsonMember &member) { return names.insert(member.name).second; });
    if (twice)
        return readTextMap(object, sink);
    if (!readAssistant(object, sink) && !readPandas(object, sink) && !readSplits(object, sink, level) &&
        !readColumnLists(object, sink) && !readNamedRows(object, sink, level) && !readTextMap(object, sink) &&
        !readLabelsWithRows(object, sink))
        return false;
    takeClassNames(object, sink);
    if (!object.closed)
        sink.setCut();
    return true;
}

}  // namespace

bool isRowName(std::string_view name)
{
    return std::find(RowNames.begin(), RowNames.end(), name) != RowNames.end();
}

const JsonMember *JsonObject::find(std::string_view name) const
{
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const JsonMember &member) { return member.name == name; });
    return found == members.end() ? nullptr : &*found;
}

JsonObject membersOf(std::string_view text)
{
    JsonObject object;
    JsonParts parts(text);
    while (parts.next())
        object.members.push_back({unquoted(parts.key()), parts.value(), parts.isWhole()});
    object.sound = !parts.isBroken();
    object.closed = parts.isClosed();
    return object;
}

bool readDocument(std::string_view object, RowSink &sink)
{
    return readInner(object, sink, 0);
}

}  // namespace core
