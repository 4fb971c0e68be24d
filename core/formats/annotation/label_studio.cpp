// SPDX-License-Identifier: Apache-2.0
// Label Studio (also the Annotation Lab, which writes the same): its JSON, JSON-MIN, CSV and TSV.
#include "core/formats/annotation/tool.h"

#include "core/base/trimmed.h"
#include "core/formats/json/column_words.h"
#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <map>
#include <set>

namespace core::annotation {

namespace {

/// More are not looked at.
constexpr size_t MostQuestions = 100;

/// Adds what a value says: choices, a path in a taxonomy, stars, a number.
void addChoices(const ordered_json &value, std::vector<std::string> &labels)
{
    const auto add = [&](std::string name) {
        if (!name.empty() && std::find(labels.begin(), labels.end(), name) == labels.end())
            labels.push_back(std::move(name));
    };
    for (const char *kind : {"choices", "taxonomy"}) {
        const ordered_json *list = listMember(value, kind);
        for (const auto &item : listAt(list)) {
            std::string path;
            for (const auto &step : item.is_array() ? item : ordered_json::array({item}))
                path += (path.empty() ? "" : " / ") + nameOf(step);
            add(std::move(path));
        }
    }
    for (const char *kind : {"choices", "rating", "number"}) {
        if (const ordered_json *number = member(value, kind))
            add(nameOf(*number));
    }
}

bool isPlace(const ordered_json &value)
{
    return member(value, "start") || member(value, "x");
}

/// A question of the project by its from_name.
struct Question {
    std::string name;
    int rank = 0;  ///< choices before paths before numbers
};

int rankOf(const ordered_json &value)
{
    if (isPlace(value))
        return 0;
    return member(value, "choices")    ? 3
           : member(value, "taxonomy") ? 2
                                       : member(value, "rating") || member(value, "number");
}

const ordered_json *annotationsOf(const ordered_json &task)
{
    const ordered_json *list = listMember(task, "annotations");
    return list ? list : listMember(task, "completions");
}

bool isSet(const ordered_json &annotation, const char *name)
{
    const ordered_json *value = member(annotation, name);
    return value && value->is_boolean() && value->get<bool>();
}

bool isSkipped(const ordered_json &annotation)
{
    return isSet(annotation, "was_cancelled") || isSet(annotation, "skipped");
}

bool isTask(const Record &record)
{
    const ordered_json *list = annotationsOf(record.fields);
    if (!objectMember(record.fields, "data"))
        return false;
    if (!list)
        return listMember(record.fields, "predictions");
    return std::all_of(list->begin(), list->end(), [](const auto &item) { return listMember(item, "result"); }) &&
           (!list->empty() || member(record.fields, "predictions") || member(record.fields, "drafts") ||
            member(record.fields, "file_upload") || member(record.fields, "total_annotations"));
}

bool isNative(const RecordFile &file)
{
    return std::any_of(file.records.begin(), file.records.end(), isTask);
}

/// Calls `use` with the name and the value of each result.
template <class Use>
void forResults(const ordered_json &annotation, Use use)
{
    const ordered_json *results = listMember(annotation, "result");
    for (const auto &result : listAt(results)) {
        const std::string name = textIn(result, "from_name");
        if (const ordered_json *value = objectMember(result, "value"); value && !name.empty())
            use(name, *value);
    }
}

/// The questions in the order in which the file answers them, the one that gives the labels first.
std::vector<Question> questionsOf(const RecordFile &file)
{
    std::vector<Question> questions;
    for (const Record &record : file.records) {
        const ordered_json *list = annotationsOf(record.fields);
        for (const auto &annotation : listAt(list)) {
            forResults(annotation, [&](const std::string &name, const ordered_json &value) {
                const auto known = std::find_if(questions.begin(), questions.end(),
                                                [&](const Question &question) { return question.name == name; });
                if (known == questions.end() && questions.size() < MostQuestions)
                    questions.push_back({name, rankOf(value)});
                else if (known != questions.end())
                    known->rank = std::max(known->rank, rankOf(value));
            });
        }
    }
    std::stable_sort(questions.begin(), questions.end(), [](const auto &a, const auto &b) { return a.rank > b.rank; });
    return questions;
}

/// What one person answered to the question.
Answer answerTo(const ordered_json &annotation, const std::string &question)
{
    std::vector<std::string> labels;
    forResults(annotation, [&](const std::string &name, const ordered_json &value) {
        if (name == question && !isPlace(value))
            addChoices(value, labels);
    });
    return labels.empty() ? Answer() : Answer(std::move(labels));
}

/// The answers to the other questions, as fields.
void keepOthers(const ordered_json &annotation, const std::string &question, ordered_json &fields)
{
    std::map<std::string, std::vector<std::string>> others;
    forResults(annotation, [&](const std::string &name, const ordered_json &value) {
        if (name == question || isPlace(value))
            return;
        addChoices(value, others[name]);
        const ordered_json *texts = member(value, "text");
        for (const auto &text : listAt(texts))
            others[name].push_back(nameOf(text));
    });
    for (auto &[name, values] : others) {
        const std::string unique = fields.contains(name) ? name + " (answer)" : name;
        if (!values.empty() && !fields.contains(unique))
            appendField(fields, unique, labelOf(std::move(values)));
    }
}

Verdict readTask(ordered_json &fields, const std::string &question)
{
    if (!objectMember(fields, "data"))
        return {nullptr, "it has no data: it is no task of Label Studio"};
    const ordered_json *list = annotationsOf(fields);
    const ordered_json annotations = listAt(list);
    ordered_json kept = ordered_json::object();
    if (const ordered_json *id = member(fields, "id"))
        appendField(kept, "id", *id);
    appendField(kept, "data", take(fields, "data"));
    fields = std::move(kept);
    spread(fields, "data");
    std::vector<const ordered_json *> used;
    bool places = false, truth = false;
    for (const auto &annotation : annotations) {
        if (isSkipped(annotation))
            continue;
        // What a person marked as the truth outweighs what else was said.
        if (isSet(annotation, "ground_truth") && !truth) {
            truth = true;
            used.clear();
        }
        if (!truth || isSet(annotation, "ground_truth"))
            used.push_back(&annotation);
        forResults(annotation, [&](const std::string &, const ordered_json &value) { places |= isPlace(value); });
    }
    if (used.empty() && !annotations.empty())
        return {nullptr, "a person skipped this row"};
    if (question.empty() && places)
        return {nullptr, OnlySpans};
    std::vector<Answer> answers;
    for (const ordered_json *annotation : used)
        answers.push_back(answerTo(*annotation, question));
    if (!used.empty())
        keepOthers(*used.front(), question, fields);
    return agreed(answers);
}

void noteQuestion(RecordFile &file, const std::string &question, const std::vector<std::string> &others)
{
    file.notes.push_back(question.empty() ? "This is an export of Label Studio, in which no row is labelled."
                                          : "This is an export of Label Studio: what people chose as \"" +
                                                question.substr(0, 60) + "\" are the labels. Predictions are none.");
    std::string names;
    for (const std::string &name : others)
        names += (names.empty() ? "\"" : ", \"") + name.substr(0, 60) + "\"";
    if (!names.empty())
        file.notes.push_back("The answers to " + names.substr(0, 300) + " are kept beside the labels.");
}

void readNative(RecordFile &file)
{
    const std::vector<Question> questions = questionsOf(file);
    const std::string question = questions.empty() || questions.front().rank == 0 ? "" : questions.front().name;
    std::vector<std::string> others;
    for (const Question &other : questions) {
        if (other.name != question && other.rank > 0)
            others.push_back(other.name);
    }
    std::map<std::string, std::string> columns;
    RecordFile data;  // a look at the data alone: the text need not be called "text"
    for (size_t i = 0; i < std::min<size_t>(file.records.size(), 200); ++i) {
        if (const ordered_json *fields = objectMember(file.records[i].fields, "data"))
            data.records.push_back({0, *fields});
    }
    const std::string text = textColumn(data, {});
    noteQuestion(file, question, others);
    rewrite(file, [&](ordered_json &fields) {
        Verdict verdict = readTask(fields, question);
        nameText(fields, text);
        return verdict;
    });
}

// JSON-MIN and tables.

const std::vector<std::string> &ownColumns()
{
    static const std::vector<std::string> names{"annotation_id", "annotator", "created_at",
                                                "updated_at",    "lead_time", "id",
                                                "was_cancelled", "agreement", "completed_by"};
    return names;
}

bool isTable(const RecordFile &file)
{
    return eachHas(file, "annotation_id") && (anyHas(file, "annotator") || anyHas(file, "completed_by")) &&
           (anyHas(file, "lead_time") || anyHas(file, "created_at") || anyHas(file, "updated_at") ||
            anyHas(file, "id"));
}

/// A cell with choices written out, as it is where there are several.
bool holdsChoices(const ordered_json &cell)
{
    const ordered_json value = valueOf(cell);
    const auto isChoice = [](const ordered_json &item) {
        return member(item, "choices") || member(item, "taxonomy") || member(item, "rating");
    };
    return isChoice(value) || (value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), isChoice));
}

struct ColumnLook {
    std::string name;
    size_t filled = 0;
    bool choices = false;  ///< some cell writes its choices out
    bool answer = false;   ///< it stands where JSON-MIN writes the answers
    std::set<std::string> values{};
};

/// The columns that may hold the labels.
std::vector<ColumnLook> candidates(const RecordFile &file, const std::string &text)
{
    constexpr size_t Enough = 2000;
    std::vector<ColumnLook> looks;
    for (size_t i = 0; i < std::min(file.records.size(), Enough); ++i) {
        bool behindId = false;
        for (const auto &[name, cell] : file.records[i].fields.items()) {
            const bool own = std::find(ownColumns().begin(), ownColumns().end(), name) != ownColumns().end();
            if (own)
                behindId = name == "id";
            if (own || name == text || cell.is_null() ||
                (cell.is_string() && cell.get_ref<const std::string &>().empty()))
                continue;
            auto look = std::find_if(looks.begin(), looks.end(), [&](const auto &other) { return other.name == name; });
            if (look == looks.end())
                look = looks.insert(looks.end(), ColumnLook{name});
            ++look->filled;
            look->answer |= behindId && file.columns.empty();
            look->choices |= holdsChoices(cell);
            look->values.insert(cell.dump(-1, ' ', false, ordered_json::error_handler_t::replace).substr(0, 200));
        }
    }
    return looks;
}

/// The column with the labels; empty where it is not clear.
std::string labelColumn(const std::vector<ColumnLook> &looks)
{
    const auto pick = [&](auto test) -> const ColumnLook * {
        const auto found = std::find_if(looks.begin(), looks.end(), test);
        return found == looks.end() ? nullptr : &*found;
    };
    const ColumnLook *found = pick([](const ColumnLook &look) { return look.choices; });
    found = found ? found : pick([](const ColumnLook &look) { return look.answer; });
    found = found ? found : pick([](const ColumnLook &look) { return isLabelWord(look.name); });
    found = found || looks.size() != 1 ? found : &looks.front();
    found = found
                ? found
                : pick([](const ColumnLook &look) { return look.filled > 3 && 2 * look.values.size() <= look.filled; });
    return found ? found->name : std::string();
}

Reading readCell(const ordered_json &cell)
{
    const ordered_json value = valueOf(cell);
    if (isSpans(value))
        return {std::nullopt, OnlySpans};
    std::vector<std::string> labels;
    if (value.is_object())
        addChoices(value, labels);
    else if (value.is_array() &&
             std::all_of(value.begin(), value.end(), [](const auto &item) { return item.is_object(); }))
        std::for_each(value.begin(), value.end(), [&](const auto &item) { addChoices(item, labels); });
    else
        return {answerOf(value)};
    return {labels.empty() ? Answer() : Answer(std::move(labels))};
}

bool isTrue(const ordered_json &value)
{
    const std::string name = nameOf(value);
    return name == "true" || name == "True" || name == "TRUE" || name == "1";
}

void readTable(RecordFile &file)
{
    const std::string text = textColumn(file, ownColumns());
    const std::vector<ColumnLook> looks = candidates(file, text);
    const std::string column = labelColumn(looks);
    std::vector<std::string> others;
    for (const ColumnLook &look : looks) {
        if (look.name != column && (look.choices || look.answer))
            others.push_back(look.name);
    }
    noteQuestion(file, column, others);
    const auto task = [](const ordered_json &fields) {
        const ordered_json *id = member(fields, "id");
        return id ? nameOf(*id) : std::string();
    };
    rewriteByTask(file, task, [&](ordered_json &fields) -> Reading {
        if (const ordered_json *skipped = member(fields, "was_cancelled"); skipped && isTrue(*skipped))
            return {std::nullopt, "a person skipped this row"};
        const ordered_json cell = column.empty() ? ordered_json() : take(fields, column);
        nameText(fields, text);
        return readCell(cell);
    });
}

}  // namespace

const Tool LabelStudio{isNative, readNative};
const Tool LabelStudioTable{isTable, readTable};

}  // namespace core::annotation
