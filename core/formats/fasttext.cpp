// SPDX-License-Identifier: Apache-2.0
#include "core/formats/fasttext.h"

#include "core/base/trimmed.h"

#include <algorithm>

using base::trimmed;

namespace core {

namespace {

constexpr std::string_view Mark = "__label__";
constexpr size_t SeenLines = 1000;

/// Calls `visit` with each line and its number until it returns false.
template <class F>
void forLines(std::string_view text, F &&visit)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.size();) {
        const size_t end = std::min(text.find('\n', i), text.size());
        if (!visit(++number, trimmed(text.substr(i, end - i))))
            return;
        i = end + 1;
    }
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/// Takes the labels out of a line. A comma right before the next label separates the two.
std::vector<std::string> takeLabels(std::string &line)
{
    std::vector<std::string> labels;
    std::string rest;
    for (size_t i = 0; i < line.size();) {
        const bool atWord = i == 0 || isBlank(line[i - 1]) || (line[i - 1] == ',' && !labels.empty());
        if (!atWord || line.compare(i, Mark.size(), Mark) != 0) {
            rest += line[i++];
            continue;
        }
        size_t end = i + Mark.size();
        while (end < line.size() && !isBlank(line[end]) &&
               !(line[end] == ',' && line.compare(end + 1, Mark.size(), Mark) == 0))
            ++end;
        std::string label = line.substr(i + Mark.size(), end - i - Mark.size());
        const bool isBeforeBlank = end + 1 < line.size() && line[end] == ' ' && line[end + 1] == ',';
        if (isBeforeBlank || label.ends_with(','))
            label.resize(label.size() - (label.ends_with(',') ? 1 : 0));
        if (!label.empty() && std::find(labels.begin(), labels.end(), label) == labels.end())
            labels.push_back(std::move(label));
        i = end;
        while (i < line.size() && (isBlank(line[i]) || line[i] == ','))
            ++i;
    }
    line = trimmed(rest);
    return labels;
}

}  // namespace

bool looksLikeFastText(std::string_view text)
{
    size_t seen = 0, marked = 0;
    forLines(text, [&](int64_t, std::string_view line) {
        if (line.empty())
            return true;
        const size_t at = line.find(Mark);
        marked += at == 0 || (at != std::string_view::npos && isBlank(line[at - 1])) ? 1 : 0;
        const bool isFirst = ++seen == 1;
        if (isFirst && at != 0)
            marked = 0;
        return marked > 0 && seen < SeenLines;
    });
    return marked > 0 && marked * 10 >= seen * 9;
}

RecordFile parseFastText(std::string_view text)
{
    RecordFile file;
    file.columns = {"text", "label"};
    std::vector<std::vector<std::string>> labels;
    forLines(text, [&](int64_t number, std::string_view line) {
        std::string rest(line);
        std::vector<std::string> own = takeLabels(rest);
        if (line.empty())
            return true;
        if (rest.empty()) {
            file.rejections.push_back({number, "it has a label but no text"});
            return true;
        }
        file.records.push_back({number, nlohmann::ordered_json{{"text", std::move(rest)}}});
        labels.push_back(std::move(own));
        return true;
    });
    const bool several = std::any_of(labels.begin(), labels.end(), [](const auto &own) { return own.size() > 1; });
    for (size_t i = 0; i < labels.size(); ++i) {
        auto &label = file.records[i].fields["label"];
        if (labels[i].empty())
            label = "";
        else if (several)
            label = labels[i];
        else
            label = labels[i].front();
    }
    file.notes.emplace_back("The lines are as fastText takes them: what begins with __label__ is a label.");
    return file;
}

}  // namespace core
