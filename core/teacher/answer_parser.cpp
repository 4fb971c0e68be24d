// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/answer_parser.h"

#include "core/formats/class_name.h"
#include "core/teacher/answer_text.h"
#include "core/teacher/thinking.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

using nlohmann::json;
using State = core::ParsedAnswer::State;

namespace core {

namespace {

/// Longer than any class: what is longer and no class is prose.
constexpr size_t LongestName = 120;
/// A teacher that writes a megabyte has not answered.
constexpr size_t LongestReply = 16 << 10;
/// Longer prose speaks of more than its answer.
constexpr size_t LongestProse = 600;

/// Fields that hold the answer, and those that may hold an object with it; as foldedClassName() gives them.
constexpr const char *AnswerKeys[] = {"label",           "labels",          "answer",         "class",
                                      "category",        "classes",         "classification", "prediction",
                                      "predicted label", "predicted class", "class name",     "label name",
                                      "final answer",    "final label",     "result",         "output"};
constexpr const char *ContainerKeys[] = {"answer", "result",    "output",     "response", "classification",
                                         "data",   "arguments", "parameters", "input",    "prediction"};
constexpr int MostDepth = 3;

bool isOneOf(const std::string &key, std::span<const char *const> keys)
{
    return std::any_of(keys.begin(), keys.end(), [&](const char *each) { return key == each; });
}

class Reader {
public:
    Reader(const std::vector<std::string> &labels, bool several) : m_several(several)
    {
        for (const std::string &label : labels)
            m_names.push_back({label, foldedName(label), foldedClassName(label), accentlessClassNames(label)});
    }

    [[nodiscard]] ParsedAnswer read(const std::string &reply) const
    {
        // The name of a class may look like anything.
        if (const std::string whole = trimmed(reply, " \t\r\n"); whole.size() <= LongestReply && indexOf(whole) >= 0)
            return readNames({whole});
        const SpokenPart spoken = withoutThinking(reply);
        if (spoken.text.size() > LongestReply)
            return {};
        if (spoken.isOpen && trimmedName(spoken.text).empty())
            return {State::Unfinished};
        return readText(answerText(spoken.text));
    }

private:
    struct Name {
        std::string exact, folded, plain;  ///< as it is, foldedName(), foldedClassName()
        std::vector<std::string> accentless;
    };

    [[nodiscard]] ParsedAnswer readText(const std::string &text) const
    {
        const std::string whole = trimmed(text, " \t\r\n");
        if (const json value = json::parse(whole, nullptr, false); value.is_string() || value.is_array()) {
            if (value.is_string() && indexOf(value.get<std::string>()) >= 0)
                return readNames({value.get<std::string>()});
            if (value.is_array() &&
                std::none_of(value.begin(), value.end(), [](const json &v) { return v.is_object(); }))
                return readList(value);
        }
        if (const auto objects = objectsIn(text); !objects.empty())
            return readObjects(objects);
        if (const auto stated = readStatements(text))
            return *stated;
        const std::string name = withoutPrefix(text);
        if (m_several && indexOf(name) < 0) {
            if (const auto names = splitNames(name); names.size() > 1)
                return readNames(names);
        }
        if (indexOf(name) < 0 && !m_several) {
            if (const int found = readProse(text); found >= 0)
                return {State::Labelled, {found}};
        }
        return readNames({name});
    }

    /// Of the one that is equal, else of the only one that is equal but for how it is written.
    [[nodiscard]] int indexOf(const std::string &name) const
    {
        const auto only = [&](const auto &isIt) {
            const auto found = std::find_if(m_names.begin(), m_names.end(), isIt);
            if (found == m_names.end())
                return -2;
            return std::find_if(found + 1, m_names.end(), isIt) == m_names.end()
                       ? static_cast<int>(found - m_names.begin())
                       : -1;
        };
        const std::pair<std::string Name::*, std::string> ways[] = {
            {&Name::exact, name}, {&Name::folded, foldedName(name)}, {&Name::plain, foldedClassName(name)}};
        for (const auto &[part, wanted] : ways) {
            const int found =
                only([&, part = part, &wanted = wanted](const Name &each) { return each.*part == wanted; });
            if (found > -2)
                return found;
        }
        const auto accentless = accentlessClassNames(name);
        return std::max(-1, only([&](const Name &each) {
            return std::any_of(accentless.begin(), accentless.end(), [&](const std::string &form) {
                return std::find(each.accentless.begin(), each.accentless.end(), form) != each.accentless.end();
            });
        }));
    }

    /// The same, without marks around it.
    [[nodiscard]] int indexOfMarked(const std::string &name) const
    {
        const int index = indexOf(name);
        return index >= 0 ? index : indexOf(trimmedName(name));
    }

    /// All that hold an answer hold the same.
    [[nodiscard]] ParsedAnswer readObjects(const std::vector<json> &objects) const
    {
        std::optional<ParsedAnswer> all;
        for (const json &object : objects) {
            const auto one = readObject(object, 0);
            if (!one)
                continue;
            if (all && (all->state != one->state || all->labels != one->labels))
                return {};
            all = one;
        }
        return all.value_or(ParsedAnswer());
    }

    /// Nothing: it holds no answer.
    [[nodiscard]] std::optional<ParsedAnswer> readObject(const json &object, int depth) const
    {
        std::optional<ParsedAnswer> first, labelled;
        for (const auto &[name, value] : object.items()) {
            const std::string key = foldedClassName(name);
            std::optional<ParsedAnswer> one;
            if (value.is_object() && isOneOf(key, ContainerKeys) && depth < MostDepth)
                one = readObject(value, depth + 1);
            else if (value.is_string() && value.get<std::string>().starts_with("{") && isOneOf(key, ContainerKeys))
                one = readInner(value.get<std::string>(), depth);
            else if (isOneOf(key, AnswerKeys))
                one = readValue(value);
            if (!one)
                continue;
            if (one->state == State::Labelled && labelled && labelled->labels != one->labels)
                return ParsedAnswer();
            if (one->state == State::Labelled)
                labelled = one;
            if (!first || key == "label" || key == "labels")
                first = one;
        }
        if (labelled || first)
            return labelled ? labelled : first;
        return readOtherKeys(object);
    }

    [[nodiscard]] std::optional<ParsedAnswer> readInner(const std::string &text, int depth) const
    {
        const json inner = json::parse(text, nullptr, false);
        return inner.is_object() && depth < MostDepth ? readObject(inner, depth + 1) : std::nullopt;
    }

    /// {"Klasse": "refund"}, and {"refund": true, "delivery": false}.
    [[nodiscard]] std::optional<ParsedAnswer> readOtherKeys(const json &object) const
    {
        if (object.size() == 1 && object.begin()->is_string() && !isDoubtful(foldedName(object.begin().key()))) {
            if (const int index = indexOf(object.begin()->get<std::string>()); index >= 0)
                return ParsedAnswer{State::Labelled, {index}};
        }
        std::vector<int> chosen;
        for (const auto &[name, value] : object.items()) {
            const int index = indexOf(name);
            if (index < 0 || !value.is_boolean())
                return std::nullopt;
            if (value.get<bool>())
                chosen.push_back(index);
        }
        if (object.empty() || (chosen.size() != 1 && !m_several))
            return std::nullopt;
        std::sort(chosen.begin(), chosen.end());
        return ParsedAnswer{State::Labelled, chosen};
    }

    [[nodiscard]] ParsedAnswer readValue(const json &value) const
    {
        if (value.is_array())
            return readList(value);
        const auto name = nameOf(value);
        return name ? readNames({*name}) : ParsedAnswer();
    }

    /// Classes may be numbers, or yes and no as JSON has them.
    [[nodiscard]] std::optional<std::string> nameOf(const json &value) const
    {
        if (value.is_string())
            return value.get<std::string>();
        if (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>() &&
            std::abs(value.get<double>()) < 1e9 && indexOf(value.dump()) < 0)
            return std::to_string(static_cast<int64_t>(value.get<double>()));
        return value.is_number() || value.is_boolean() ? std::optional(value.dump()) : std::nullopt;
    }

    [[nodiscard]] ParsedAnswer readList(const json &list) const
    {
        std::vector<std::string> names;
        for (const json &each : list) {
            if (m_several && !each.is_string())
                return {};
            const auto name = nameOf(each);
            if (!name)
                return {};
            names.push_back(*name);
        }
        return readNames(names);
    }

    /// "Label: refund", wherever it stands and however often, if it is the same.
    [[nodiscard]] std::optional<ParsedAnswer> readStatements(const std::string &text) const
    {
        std::optional<ParsedAnswer> all;
        for (const Statement &statement : statementsIn(text)) {
            const int index = indexOfMarked(statement.value);
            ParsedAnswer one{State::Labelled, {index}};
            if (index < 0 && m_several) {
                one = readNames(splitNames(statement.value));
                if (one.state != State::Labelled || one.labels.empty())
                    return std::nullopt;
            } else if (index < 0 || (statement.isCut && isBeginOfOther(statement.value, index))) {
                return std::nullopt;
            }
            if (all && all->labels != one.labels)
                return ParsedAnswer();
            all = one;
        }
        return all;
    }

    [[nodiscard]] bool isBeginOfOther(const std::string &value, int index) const
    {
        const std::string begin = foldedClassName(value);
        for (size_t i = 0; i < m_names.size(); ++i) {
            if (static_cast<int>(i) != index && m_names[i].plain.starts_with(begin))
                return true;
        }
        return false;
    }

    /// Without a number of a list, and without one short word and a colon before it, in whichever language.
    [[nodiscard]] std::string withoutPrefix(const std::string &text) const
    {
        const std::string name = trimmedName(text);
        // What is left of broken JSON was read before.
        if (indexOf(name) >= 0 || name.find('{') != std::string::npos)
            return name;
        const std::string listed = trimmedName(withoutNumber(name));
        if (indexOf(listed) >= 0)
            return listed;
        const std::string behind = trimmedName(behindColon(name));
        const std::string before = name.substr(0, name.size() - std::min(name.size(), behind.size()));
        const bool isFound = indexOf(behind) >= 0 && !isDoubtful(foldedName(before)) && mentionsIn(before).empty();
        if (isFound || foldedName(name).starts_with("label:"))
            return behind;
        return name;
    }

    struct Mention {
        int label;
        size_t begin, end;  ///< of the folded text
    };

    /// Names in a text as words of their own; of those that overlap the longest.
    [[nodiscard]] std::vector<Mention> mentionsIn(const std::string &text) const
    {
        const std::string folded = foldedName(text);
        std::vector<Mention> mentions;
        for (size_t at = 0; at < folded.size(); ++at) {
            Mention best{-1, at, at};
            for (size_t i = 0; i < m_names.size(); ++i) {
                const std::string &name = m_names[i].folded;
                if (name.size() > best.end - at && isWordAt(folded, at, name))
                    best = {static_cast<int>(i), at, at + name.size()};
            }
            if (best.label >= 0) {
                mentions.push_back(best);
                at = best.end - 1;
            }
        }
        return mentions;
    }

    /// A class that prose gives as its answer; -1 where it names several, has doubts, or only speaks of the subject.
    [[nodiscard]] int readProse(const std::string &text) const
    {
        const auto mentions = mentionsIn(text);
        if (mentions.empty() || text.size() > LongestProse || text.find('{') != std::string::npos)
            return -1;
        const int label = mentions.front().label;
        std::string rest = foldedName(text);
        for (const Mention &mention : mentions) {
            if (mention.label != label)
                return -1;
            std::fill(rest.begin() + static_cast<ptrdiff_t>(mention.begin),
                      rest.begin() + static_cast<ptrdiff_t>(mention.end), '#');
        }
        if (isDoubtful(rest))
            return -1;
        const bool stands = std::any_of(mentions.begin(), mentions.end(), [&](const Mention &mention) {
            return isAnswerPlace(rest, mention.begin, mention.end);
        });
        return stands ? label : -1;
    }

    [[nodiscard]] ParsedAnswer readNames(const std::vector<std::string> &names) const
    {
        ParsedAnswer answer;
        for (const std::string &name : names) {
            const std::string folded = foldedName(trimmedName(name));
            const int index = indexOfMarked(name);
            if (index < 0 && folded == UnsureWord)
                return {State::Unsure};
            if (index < 0 && m_several && names.size() == 1 && (folded.empty() || folded == "none"))
                return {name.empty() && names.size() == 1 ? State::Unreadable : State::Labelled};
            if (index < 0)
                return {folded.empty() || name.size() > LongestName || name.find('\n') != std::string::npos
                            ? State::Unreadable
                            : State::NotAClass};
            answer.labels.push_back(index);
        }
        std::sort(answer.labels.begin(), answer.labels.end());
        answer.labels.erase(std::unique(answer.labels.begin(), answer.labels.end()), answer.labels.end());
        // Two classes where there is one are no answer.
        const bool fits = m_several || answer.labels.size() == 1;
        answer.state = fits ? State::Labelled : State::Unreadable;
        if (!fits)
            answer.labels.clear();
        return answer;
    }

    std::vector<Name> m_names;
    bool m_several;
};

}  // namespace

ParsedAnswer parseAnswer(const std::string &reply, const std::vector<std::string> &labels, bool several)
{
    return Reader(labels, several).read(reply);
}

std::vector<ParsedAnswer> parseAnswers(const std::string &reply, const std::vector<std::string> &labels, size_t count)
{
    std::vector<ParsedAnswer> answers(count);
    const SpokenPart spoken = withoutThinking(reply);
    const auto objects = spoken.text.size() > LongestReply ? std::vector<json>() : objectsIn(answerText(spoken.text));
    if (objects.size() != 1)
        return answers;
    const auto list = objects.front().find("labels");
    if (list == objects.front().end() || !list->is_array() || list->size() != count)
        return answers;
    const Reader reader(labels, false);
    for (size_t i = 0; i < count; ++i) {
        if ((*list)[i].is_string())
            answers[i] = reader.read((*list)[i].get<std::string>());
    }
    return answers;
}

}  // namespace core
