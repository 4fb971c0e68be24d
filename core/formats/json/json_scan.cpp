// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/json_scan.h"

#include "core/engine/json/strict_json.h"

#include <algorithm>

namespace core {

namespace {

constexpr size_t None = std::string_view::npos;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/// The place behind a comment that begins at `at`; `at` when none does.
size_t behindComment(std::string_view text, size_t at)
{
    if (text.substr(at, 2) == "//") {
        return std::min(text.find('\n', at), text.size());
    }
    if (text.substr(at, 2) == "/*") {
        const size_t end = text.find("*/", at + 2);
        return end == None ? text.size() : end + 2;
    }
    return at;
}

/// `at` is a quotation mark.
size_t endOfString(std::string_view text, size_t at)
{
    const char marks[] = {text[at], '\\'};
    for (size_t i = at + 1; i < text.size();) {
        i = text.find_first_of(std::string_view(marks, 2), i);
        if (i == None)
            return None;
        if (text[i] == marks[0])
            return i + 1;
        i += 2;
    }
    return None;
}

}  // namespace

size_t skipBlanks(std::string_view text, size_t at)
{
    while (at < text.size()) {
        if (isBlank(text[at])) {
            ++at;
            continue;
        }
        const size_t behind = text[at] == '/' ? behindComment(text, at) : at;
        if (behind == at)
            break;
        at = behind;
    }
    return std::min(at, text.size());
}

size_t endOfValue(std::string_view text, size_t at)
{
    if (at >= text.size())
        return None;
    if (text[at] == '"' || text[at] == '\'')
        return endOfString(text, at);
    if (text[at] != '[' && text[at] != '{') {
        const size_t end = text.find_first_of(",:]}[{\"' \t\r\n", at);
        return std::min(end, text.size());
    }
    size_t depth = 0;
    for (size_t i = at; i < text.size();) {
        switch (text[i]) {
        case '"':
        case '\'':
            i = endOfString(text, i);
            if (i == None)
                return None;
            continue;
        case '/': {
            const size_t behind = behindComment(text, i);
            i = behind == i ? i + 1 : behind;
            continue;
        }
        case '[':
        case '{': ++depth; break;
        case ']':
        case '}':
            if (--depth == 0)
                return i + 1;
            break;
        default: break;
        }
        ++i;
    }
    return None;
}

std::string unquoted(std::string_view quoted)
{
    if (const auto value = engine::parseOrderedJson(quoted); value && value->is_string())
        return value->get<std::string>();
    if (quoted.size() >= 2 && quoted.front() == '\'' && quoted.back() == '\'')
        quoted = quoted.substr(1, quoted.size() - 2);
    return std::string(quoted);
}

JsonParts::JsonParts(std::string_view text, size_t open)
    : m_text(text), m_object(open < text.size() && text[open] == '{'), m_position(open + 1)
{
}

bool JsonParts::stop()
{
    m_key = m_value = {};
    return false;
}

bool JsonParts::next()
{
    if (m_closed || m_broken)
        return stop();
    m_position = skipBlanks(m_text, std::min(m_position, m_text.size()));
    while (m_position < m_text.size() && m_text[m_position] == ',')
        m_position = skipBlanks(m_text, m_position + 1);
    if (m_position >= m_text.size())
        return stop();
    if (m_text[m_position] == (m_object ? '}' : ']')) {
        ++m_position;
        m_closed = true;
        return stop();
    }
    if (m_object) {
        const char c = m_text[m_position];
        const size_t end = c == '"' || c == '\'' ? endOfValue(m_text, m_position) : m_position;
        if (end == None) {
            m_position = m_text.size();  // cut in the middle of a name
            return stop();
        }
        m_key = m_text.substr(m_position, end - m_position);
        const size_t colon = skipBlanks(m_text, end);
        if (colon >= m_text.size()) {
            m_position = m_text.size();
            return stop();
        }
        if (m_key.empty() || m_text[colon] != ':') {
            m_broken = true;
            return stop();
        }
        m_position = skipBlanks(m_text, colon + 1);
        if (m_position >= m_text.size())
            return stop();
    }
    const size_t end = endOfValue(m_text, m_position);
    if (end == m_position) {
        m_broken = true;  // a bracket or colon where a value should be
        return stop();
    }
    m_whole = end != None;
    m_value = m_text.substr(m_position, m_whole ? end - m_position : None);
    m_position += m_value.size();
    return true;
}

std::string_view firstPart(std::string_view container)
{
    JsonParts parts(container);
    return parts.next() ? parts.value() : std::string_view();
}

}  // namespace core
