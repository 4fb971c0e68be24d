// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/answer_text.h"

#include "core/base/lowered.h"
#include "core/teacher/answer_parser.h"

#include <algorithm>
#include <cctype>
#include <unicode/unistr.h>

using nlohmann::json;

namespace core {

namespace {

constexpr size_t LongestBefore = 30;  ///< bytes of a word and a colon before an answer
constexpr std::string_view Spaces = " \t\r\n";

/// Of a template that a server did not cut off.
constexpr std::string_view Marks[] = {"<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end|>",       "<|return|>",
                                      "</s>",       "<s>",           "<eos>",      "<end_of_turn>", "<|end_of_text|>",
                                      "[/inst]"};
constexpr std::string_view Around[] = {"answer", "label", "class", "category", "final_answer", "response", "output"};
/// Ends of a name that are no part of it.
constexpr std::string_view Ends[] = {" ",      "\t",     "\r",     "\n",     "\"",     "'",      "`",      "*",
                                     ".",      ",",      ";",      ":",      "!",      "(",      ")",      "[",
                                     "]",      "#",      "\u201C", "\u201D", "\u201E", "\u201F", "\u2018", "\u2019",
                                     "\u201A", "\u00AB", "\u00BB", "\u2039", "\u203A", "\u300C", "\u300D", "\u300E",
                                     "\u300F", "\u3002", "\u3001", "\uFF0C", "\uFF01", "\uFF1A", "\u2026", "\u00A0"};
constexpr std::string_view Invisible[] = {"\uFEFF", "\u200B", "\u2060", "\u00AD", "\u200E", "\u200F"};

void replaceAll(std::string &text, std::string_view what, std::string_view by)
{
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

/// What is within the only pair of these, or nothing.
std::string within(const std::string &text, const std::string &begin, const std::string &end)
{
    const std::string lower = base::lowered(text);
    const size_t first = lower.find(begin);
    if (first == std::string::npos || lower.find(begin, first + 1) != std::string::npos)
        return {};
    const size_t from = first + begin.size(), to = lower.find(end, from);
    return to == std::string::npos ? std::string() : text.substr(from, to - from);
}

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80 || c == '#';
}

/// JSON as models write it.
json lenient(std::string text)
{
    json value = json::parse(text, nullptr, false, true);
    if (!value.is_discarded())
        return value;
    for (const char *quote : {"\u201C", "\u201D", "\u201E"})
        replaceAll(text, quote, "\"");
    replaceAll(text, "\u00A0", " ");
    if (text.find('"') == std::string::npos)
        std::replace(text.begin(), text.end(), '\'', '"');
    std::string plain;
    bool isText = false;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            isText = !isText;
        const size_t next = text[i] == ',' ? text.find_first_not_of(Spaces, i + 1) : std::string::npos;
        const bool isTooMany = !isText && next != std::string::npos && (text[next] == '}' || text[next] == ']');
        if (!isTooMany)
            plain += text[i];
    }
    return json::parse(plain, nullptr, false, true);
}

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

std::string trimmed(const std::string &text, const char *what)
{
    const auto begin = text.find_first_not_of(what);
    return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

std::string trimmedName(const std::string &text)
{
    std::string_view rest = text;
    for (bool isDone = false; !isDone;) {
        isDone = true;
        for (const std::string_view end : Ends) {
            if (rest.starts_with(end)) {
                rest.remove_prefix(end.size());
                isDone = false;
            }
            if (rest.ends_with(end)) {
                rest.remove_suffix(end.size());
                isDone = false;
            }
        }
    }
    return std::string(rest);
}

std::string answerText(const std::string &reply)
{
    std::string text = reply;
    for (const std::string_view mark : Invisible)
        replaceAll(text, mark, "");
    for (const std::string_view mark : Marks) {
        for (size_t at = base::lowered(text).find(mark); at != std::string::npos; at = base::lowered(text).find(mark))
            text.erase(at, mark.size());
    }
    for (const std::string_view name : Around) {
        const std::string tag(name);
        if (const std::string inner = within(text, "<" + tag + ">", "</" + tag + ">"); !inner.empty())
            return inner;
    }
    if (std::string inner = within(text, "\\boxed{", "}"); !inner.empty()) {
        if (inner.starts_with("\\text{"))
            inner.erase(0, 6);
        return inner;
    }
    // A fence, with the name of a language.
    if (const std::string inner = within(text, "```json", "```"); !inner.empty())
        return inner;
    return text;
}

std::vector<json> objectsIn(const std::string &text)
{
    std::vector<json> objects;
    for (size_t begin = text.find('{'); begin != std::string::npos; begin = text.find('{', begin + 1)) {
        int depth = 0;
        bool isText = false;
        for (size_t i = begin; i < text.size(); ++i) {
            if (isText) {
                i += text[i] == '\\' ? 1 : 0;
                isText = i < text.size() && text[i] != '"';
                continue;
            }
            isText = text[i] == '"';
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (depth > 0)
                continue;
            json object = lenient(text.substr(begin, i - begin + 1));
            if (object.is_object()) {
                objects.push_back(std::move(object));
                begin = i;
            }
            break;
        }
    }
    return objects;
}

std::vector<Statement> statementsIn(const std::string &text)
{
    std::vector<Statement> statements;
    const std::string lower = base::lowered(text);
    for (size_t at = 0; at < lower.size(); ++at) {
        size_t end = 0;
        for (const std::string_view key : {"labels", "label", "class", "category", "answer", "classification"}) {
            if (end == 0 && isWordAt(lower, at, key))
                end = at + key.size();
        }
        if (end == 0)
            continue;
        at = end - 1;
        size_t value = lower.find_first_not_of(" \t\"'`*", end);
        if (value == std::string::npos)
            continue;
        if (lower[value] == ':' || lower[value] == '=')
            ++value;
        else if (lower.compare(value, 3, "\uFF1A") == 0)
            value += 3;
        else
            continue;
        value = text.find_first_not_of(" \t\r\n*`[", value);
        if (value == std::string::npos)
            continue;
        const char quote = text[value] == '"' || text[value] == '\'' ? text[value] : '\0';
        value += quote ? 1 : 0;
        const size_t close =
            quote ? text.find_first_of(std::string{quote, '\n'}, value) : text.find_first_of(",;}\n<", value);
        std::string found = text.substr(value, close == std::string::npos ? close : close - value);
        // A sentence goes on behind a full stop.
        if (const size_t stop = found.find(". "); !quote && stop != std::string::npos)
            found.resize(stop);
        if (!trimmedName(found).empty())
            statements.push_back({found, close == std::string::npos && text.find('{') != std::string::npos});
    }
    return statements;
}

std::string withoutNumber(const std::string &text)
{
    size_t at = text.find_first_not_of("0123456789");
    if (at == std::string::npos)
        return text;
    if (at == 0)
        return text.starts_with("- ") || text.starts_with("\u2022") ? text.substr(text[0] == '-' ? 2 : 3) : text;
    if (at > 3 || (text[at] != '.' && text[at] != ')' && text[at] != ':' && text[at] != ' '))
        return text;
    at = text.find_first_not_of(".):- \t", at);
    return at == std::string::npos ? text : text.substr(at);
}

std::string behindColon(const std::string &text)
{
    for (const std::string_view colon : {":", "\uFF1A"}) {
        const size_t at = text.find(colon);
        if (at != std::string::npos && at <= LongestBefore && text.find('\n') == std::string::npos)
            return text.substr(at + colon.size());
    }
    return {};
}

std::vector<std::string> splitNames(const std::string &text)
{
    std::string parts = text;
    for (const std::string_view between : {"\n", ";", " and ", " & ", "\u3001", "\uFF0C"})
        replaceAll(parts, between, ",");
    std::vector<std::string> names;
    for (size_t begin = 0; begin <= parts.size();) {
        const size_t end = std::min(parts.find(',', begin), parts.size());
        std::string name = trimmed(parts.substr(begin, end - begin), " \t\r");
        if (name.starts_with("- ") || name.starts_with("* "))
            name.erase(0, 2);
        name = trimmedName(name);
        if (!name.empty())
            names.push_back(std::move(name));
        begin = end + 1;
    }
    return names;
}

bool isDoubtful(const std::string &folded)
{
    if (folded.find('?') != std::string::npos || folded.find("n't") != std::string::npos ||
        folded.find("n\u2019t") != std::string::npos)
        return true;
    for (const std::string_view word :
         {"not",     "no",       "none",   "never",    "neither",    "nor",      "or",      "either",    "maybe",
          "perhaps", "might",    "could",  "may",      "possibly",   "unless",   "rather",  "instead",   "except",
          "exclude", "excluded", "reject", "rejected", "but",        "unclear",  "unsure",  "uncertain", "between",
          "versus",  "vs",       "if",     "cannot",   "both",       "although", "however", "other",     "wrong",
          "nicht",   "kein",     "keine",  "oder",     "vielleicht", "pas",      "ou",      "non",       "pero"}) {
        for (size_t at = folded.find(word); at != std::string::npos; at = folded.find(word, at + 1)) {
            if (isWordAt(folded, at, word))
                return true;
        }
    }
    return false;
}

bool isWordAt(const std::string &text, size_t at, std::string_view word)
{
    if (text.compare(at, word.size(), word) != 0)
        return false;
    // Scripts without spaces between words have no such ends.
    const auto isLetter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    const bool isAscii = std::none_of(word.begin(), word.end(), [](char c) { return static_cast<signed char>(c) < 0; });
    const size_t end = at + word.size();
    const auto touches = [&](char c) { return isAscii ? isLetter(c) || isWordPart(c) : false; };
    const bool isBegin = at == 0 || !isLetter(word.front()) || !touches(text[at - 1]);
    return isBegin && (end == text.size() || !isLetter(word.back()) || !touches(text[end]));
}

bool isAnswerPlace(const std::string &folded, size_t begin, size_t end)
{
    constexpr const char *Quotes = " \t\"'`*";
    // Behind it an end, or a word that explains.
    const size_t next = folded.find_first_not_of("\"'`*", end);
    const std::string_view after =
        next == std::string::npos ? std::string_view() : std::string_view(folded).substr(next);
    const bool isEnd = after.empty() || std::string_view(".,;:!()\n\r").find(after.front()) != std::string_view::npos ||
                       after.starts_with(" because") || after.starts_with(" since") || after.starts_with(" class") ||
                       after.starts_with(" category") || after.starts_with(" label") || after.starts_with(" (") ||
                       after.starts_with("   ") || after.starts_with(" \u2013") || after.starts_with(" \u2014") ||
                       after.starts_with(" \n");
    if (!isEnd)
        return false;
    const size_t last = begin == 0 ? std::string::npos : folded.find_last_not_of(Quotes, begin - 1);
    if (last == std::string::npos || folded[last] == '\n')
        return true;
    std::string before = folded.substr(0, last + 1);
    for (const std::string_view article : {" a", " an", " the", " class", " category", " label"}) {
        if (before.ends_with(article) && article.size() < 5)
            before.resize(before.size() - article.size());
    }
    before = trimmed(before, Quotes);
    for (const std::string_view lead :
         {"is",   "as",     "be",  "label", "class", "category", "answer", "under", "into", "belongs to", "choose",
          "pick", "select", "say", "->",    "=>",    "\u2192",   ":",      "ist",   "als",  "est"}) {
        const bool isLead = before.ends_with(lead) &&
                            (before.size() == lead.size() || !std::isalpha(static_cast<unsigned char>(lead[0])) ||
                             !isWordPart(before[before.size() - lead.size() - 1]));
        if (isLead)
            return true;
    }
    return false;
}

}  // namespace core
