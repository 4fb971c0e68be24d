// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/answer_parser.h"

#include "core/formats/class_name.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <unicode/unistr.h>

using nlohmann::json;
using State = core::ParsedAnswer::State;

namespace core {

namespace {

/// Longer than any class: what is longer and no class is prose.
constexpr size_t LongestName = 120;
/// A teacher that writes a megabyte has not answered.
constexpr size_t LongestReply = 16 << 10;

std::string trimmed(std::string text, const char *what = " \t\r\n\"'`*.,;:!()[]")
{
    const auto begin = text.find_first_not_of(what);
    return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

/// The first object that is whole, wherever it stands.
std::optional<json> objectIn(const std::string &reply)
{
    for (size_t begin = reply.find('{'); begin != std::string::npos; begin = reply.find('{', begin + 1)) {
        int depth = 0;
        bool isText = false;
        for (size_t i = begin; i < reply.size(); ++i) {
            if (isText) {
                i += reply[i] == '\\' ? 1 : 0;
                isText = i < reply.size() && reply[i] != '"';
                continue;
            }
            isText = reply[i] == '"';
            depth += reply[i] == '{' ? 1 : reply[i] == '}' ? -1 : 0;
            if (depth > 0)
                continue;
            json object = json::parse(reply.substr(begin, i - begin + 1), nullptr, false);
            if (!object.is_discarded())
                return object;
            break;
        }
    }
    return std::nullopt;
}

class Reader {
public:
    Reader(const std::vector<std::string> &labels, bool several) : m_several(several)
    {
        for (const std::string &label : labels)
            m_names.push_back({label, foldedName(label), foldedClassName(label)});
    }

    ParsedAnswer read(const std::string &reply) const
    {
        if (reply.size() > LongestReply)
            return {};
        // The name of a class may look like anything.
        if (const std::string whole = trimmed(reply, " \t\r\n"); indexOf(whole) >= 0)
            return readNames({whole});
        else if (const json text = json::parse(whole, nullptr, false); text.is_string() && indexOf(text.get<std::string>()) >= 0)
            return readNames({text.get<std::string>()});
        if (const auto object = objectIn(reply))
            return readObject(*object);
        if (m_several) {
            const json list = json::parse(reply, nullptr, false);
            if (list.is_array())
                return readList(list);
        }
        std::string name = trimmed(reply);
        for (const char *before : {"label:", "answer:", "class:", "category:", "labels:"}) {
            if (foldedName(name).starts_with(before))
                name = trimmed(name.substr(std::string_view(before).size()));
        }
        if (m_several && indexOf(name) < 0 && name.find(',') != std::string::npos)
            return readList(split(name));
        return readNames({name});
    }

private:
    struct Name {
        std::string exact, folded, plain;  ///< as it is, foldedName(), foldedClassName()
    };

    /// Of the one that is equal, else of the only one that is equal but for how it is written.
    [[nodiscard]] int indexOf(const std::string &name) const
    {
        const std::pair<std::string Name::*, std::string> ways[] = {
            {&Name::exact, name}, {&Name::folded, foldedName(name)}, {&Name::plain, foldedClassName(name)}};
        for (const auto &[part, wanted] : ways) {
            const auto isIt = [&, part = part, &wanted = wanted](const Name &each) { return each.*part == wanted; };
            const auto found = std::find_if(m_names.begin(), m_names.end(), isIt);
            if (found == m_names.end())
                continue;
            return std::find_if(found + 1, m_names.end(), isIt) == m_names.end()
                       ? static_cast<int>(found - m_names.begin())
                       : -1;
        }
        return -1;
    }

    static json split(const std::string &names)
    {
        auto list = json::array();
        for (size_t begin = 0; begin <= names.size();) {
            const size_t end = std::min(names.find(',', begin), names.size());
            list.push_back(trimmed(names.substr(begin, end - begin)));
            begin = end + 1;
        }
        return list;
    }

    [[nodiscard]] ParsedAnswer readObject(const json &object) const
    {
        for (const char *key : {"label", "labels", "answer", "class"}) {
            const auto found = object.find(key);
            if (found == object.end())
                continue;
            if (found->is_string())
                return readNames({found->get<std::string>()});
            if (found->is_array())
                return readList(*found);
        }
        return {};
    }

    [[nodiscard]] ParsedAnswer readList(const json &list) const
    {
        std::vector<std::string> names;
        for (const json &name : list) {
            if (!name.is_string())
                return {};
            names.push_back(name.get<std::string>());
        }
        return readNames(names);
    }

    [[nodiscard]] ParsedAnswer readNames(const std::vector<std::string> &names) const
    {
        ParsedAnswer answer;
        for (const std::string &name : names) {
            const std::string folded = foldedName(trimmed(name));
            const int index = indexOf(name) >= 0 ? indexOf(name) : indexOf(trimmed(name));
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

std::string foldedName(std::string_view name)
{
    std::string folded;
    icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())))
        .foldCase()
        .toUTF8String(folded);
    std::replace_if(
        folded.begin(), folded.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
    return folded;
}

ParsedAnswer parseAnswer(const std::string &reply, const std::vector<std::string> &labels, bool several)
{
    return Reader(labels, several).read(reply);
}

std::vector<ParsedAnswer> parseAnswers(const std::string &reply, const std::vector<std::string> &labels, size_t count)
{
    std::vector<ParsedAnswer> answers(count);
    const auto object = reply.size() > LongestReply ? std::nullopt : objectIn(reply);
    const auto list = object ? object->find("labels") : json::const_iterator();
    if (!object || list == object->end() || !list->is_array() || list->size() != count)
        return answers;
    const Reader reader(labels, false);
    for (size_t i = 0; i < count; ++i) {
        if ((*list)[i].is_string())
            answers[i] = reader.read((*list)[i].get<std::string>());
    }
    return answers;
}

}  // namespace core
