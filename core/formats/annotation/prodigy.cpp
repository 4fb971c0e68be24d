// SPDX-License-Identifier: Apache-2.0
// Prodigy: one label to accept or to reject, options to choose from, maps of labels.
#include "core/formats/annotation/tool.h"

#include "core/formats/json/row_sink.h"

#include <algorithm>
#include <array>
#include <map>

namespace core::annotation {

namespace {

constexpr std::array OwnFields{"_input_hash", "_task_hash", "_view_id", "_session_id", "_annotator_id", "_timestamp"};

bool isAnswer(const ordered_json &value)
{
    return value == "accept" || value == "reject" || value == "ignore";
}

bool isFrom(const RecordFile &file)
{
    bool answers = false, sign = false;
    for (const Record &record : file.records) {
        const ordered_json *answer = member(record.fields, "answer");
        if (answer && !answer->is_null() && !isAnswer(*answer))
            return false;
        answers |= answer && !answer->is_null();
        const bool hasText = stringMember(record.fields, "text") || stringMember(record.fields, "html");
        sign |= std::any_of(OwnFields.begin(), OwnFields.end(),
                            [&](const char *name) { return member(record.fields, name); }) ||
                (hasText && answer &&
                 (member(record.fields, "label") || member(record.fields, "options") || member(record.fields, "cats") ||
                  member(record.fields, "spans") || member(record.fields, "accept")));
    }
    return answers && sign;
}

/// Whether several options may hold at once.
bool takesSeveral(const RecordFile &file)
{
    return std::any_of(file.records.begin(), file.records.end(), [](const Record &record) {
        const ordered_json *config = objectMember(record.fields, "config");
        const ordered_json accept = valueOf(member(record.fields, "accept") ? record.fields["accept"] : ordered_json());
        return (config && textIn(*config, "choice_style") == "multiple") || (accept.is_array() && accept.size() > 1);
    });
}

/// {"delivery": 1.0, "refund": 0.0}
Answer setIn(const ordered_json &cats)
{
    std::vector<std::string> labels;
    for (const auto &[name, value] : cats.items()) {
        if (value.is_boolean() ? value.get<bool>() : value.is_number() && value.get<double>() >= 0.5)
            labels.push_back(name);
    }
    return cats.empty() ? Answer() : Answer(std::move(labels));
}

Reading readRow(ordered_json &fields, bool several)
{
    const ordered_json answer = take(fields, "answer"), label = take(fields, "label");
    const ordered_json accept = valueOf(take(fields, "accept")), cats = valueOf(take(fields, "cats"));
    const ordered_json spans = valueOf(take(fields, "spans")), options = valueOf(take(fields, "options"));
    for (const char *name : {"config", "_view_id", "tokens", "priority", "versions", "_is_binary"})
        take(fields, name);
    nameText(fields, "html");
    if (answer == "ignore")
        return {std::nullopt, "a person skipped this row"};
    if (answer == "reject") {
        return {std::nullopt, options.is_array() || accept.is_array() ? "a person rejected this row"
                                                                      : "a person rejected this label"};
    }
    if (answer != "accept")
        return {};  // nobody has answered
    if (accept.is_array()) {
        Answer labels = answerOf(accept);
        return {labels && labels->empty() && !several ? Answer() : std::move(labels)};
    }
    if (!accept.is_null())
        return {answerOf(accept)};
    if (Answer given = answerOf(label); given && !given->empty())
        return {std::move(given)};
    if (cats.is_object())
        return {setIn(cats)};
    if (spans.is_array() && !spans.empty())
        return {std::nullopt, OnlySpans};
    return {};
}

/// The question that was put: of one label it is the text with the label, of options the text.
std::string taskOf(const ordered_json &fields)
{
    // Without names of people each row stands for itself.
    if (!member(fields, "_annotator_id") && !member(fields, "_session_id"))
        return {};
    const bool oneLabel = member(fields, "label") && !member(fields, "accept");
    const ordered_json *hash = member(fields, oneLabel ? "_task_hash" : "_input_hash");
    return hash ? nameOf(*hash) : std::string();
}

/// People who answered the same question about one label otherwise.
void rejectDisputed(RecordFile &file)
{
    std::map<std::string, std::array<int, 2>> votes;  // accepted, rejected
    const auto isBinary = [](const ordered_json &fields) {
        return member(fields, "label") && !member(fields, "accept");
    };
    for (const Record &record : file.records) {
        const std::string task = taskOf(record.fields);
        const ordered_json *answer = member(record.fields, "answer");
        if (task.empty() || !answer || !isBinary(record.fields))
            continue;
        auto &vote = votes[task];
        vote[0] += *answer == "accept" ? 1 : 0;
        vote[1] += *answer == "reject" ? 1 : 0;
    }
    std::erase_if(file.records, [&](const Record &record) {
        const auto found = isBinary(record.fields) ? votes.find(taskOf(record.fields)) : votes.end();
        const ordered_json *answer = member(record.fields, "answer");
        if (found == votes.end() || !answer || *answer != "accept" || found->second[1] < found->second[0] ||
            found->second[1] == 0)
            return false;
        file.rejections.push_back({record.row, "people disagree about it: some accepted this label, some rejected it"});
        return true;
    });
}

void read(RecordFile &file)
{
    const bool several = takesSeveral(file);
    rejectDisputed(file);
    file.notes.push_back(
        "This is an export of Prodigy: accepted answers are the labels. What people rejected or ignored "
        "is left out.");
    rewriteByTask(file, taskOf, [&](ordered_json &fields) { return readRow(fields, several); });
}

}  // namespace

const Tool Prodigy{isFrom, read};

}  // namespace core::annotation
