// SPDX-License-Identifier: Apache-2.0
#include "core/formats/json/mended_json.h"

#include "core/formats/json/json_scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace core {

namespace {

using namespace std::string_view_literals;

constexpr std::array Missing{"NaN"sv, "nan"sv,  "Infinity"sv, "-Infinity"sv, "+Infinity"sv, "inf"sv, "-inf"sv,
                             "Inf"sv, "-Inf"sv, "-NaN"sv,     "None"sv,      "undefined"sv, "NaT"sv, "<NA>"sv};

std::string escaped(unsigned code)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        text += digits[(code >> shift) & 0xF];
    return text;
}

/// The number that `count` hexadecimal digits at `at` make.
std::optional<unsigned> hexAt(std::string_view text, size_t at, size_t count)
{
    unsigned value = 0;
    if (at + count > text.size())
        return std::nullopt;
    const char *end = text.data() + at + count;
    const auto result = std::from_chars(text.data() + at, end, value, 16);
    return result.ec == std::errc() && result.ptr == end ? std::optional(value) : std::nullopt;
}

class Mender {
public:
    explicit Mender(std::string_view text) : m_text(text) { m_out.text.reserve(text.size()); }

    MendedJson run()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"' || c == '\'')
                copyString(c);
            else if (c == '\0')
                leaveOut(1, m_out.zeros);
            else if (c == '/')
                skipComment();
            else if (c == ',')
                copyComma();
            else if (std::string_view("{}[]: \t\r\n").find(c) != std::string_view::npos)
                copy(1);
            else
                copyWord();
        }
        return std::move(m_out);
    }

private:
    void copy(size_t count)
    {
        m_out.text += m_text.substr(m_at, count);
        m_at += count;
    }

    void leaveOut(size_t count, bool &flag)
    {
        flag = true;
        m_at += count;
    }

    void skipComment()
    {
        const size_t behind = skipBlanks(m_text, m_at);
        if (behind == m_at)
            return copy(1);
        m_out.text += ' ';
        leaveOut(behind - m_at, m_out.spelling);
    }

    /// A comma before a closing bracket goes.
    void copyComma()
    {
        const size_t next = skipBlanks(m_text, m_at + 1);
        if (next < m_text.size() && (m_text[next] == ']' || m_text[next] == '}'))
            return leaveOut(1, m_out.spelling);
        copy(1);
    }

    void copyWord()
    {
        const size_t end = std::min(m_text.find_first_of(",:]}[{\"' \t\r\n\0/"sv, m_at), m_text.size());
        const std::string_view word = m_text.substr(m_at, std::max(end - m_at, size_t{1}));
        if (std::find(Missing.begin(), Missing.end(), word) != Missing.end()) {
            m_out.text += "null";
            return leaveOut(word.size(), m_out.missing);
        }
        if (word == "True" || word == "False") {
            m_out.text += word == "True" ? "true" : "false";
            return leaveOut(word.size(), m_out.spelling);
        }
        copy(word.size());
    }

    void copyString(char quote)
    {
        m_out.spelling |= quote == '\'';
        m_out.text += '"';
        ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != quote) {
            const char c = m_text[m_at];
            if (c == '\\') {
                copyEscape(quote);
            } else if (c == '\0') {
                leaveOut(1, m_out.zeros);
            } else if (static_cast<unsigned char>(c) < 0x20) {
                m_out.text += escaped(static_cast<unsigned char>(c));
                leaveOut(1, m_out.spelling);
            } else if (c == '"') {
                m_out.text += "\\\"";
                ++m_at;
            } else {
                const size_t end =
                    m_text.find_first_of("\\\"'\0\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0B\x0C\r\x0E\x0F"
                                         "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F"sv,
                                         m_at + 1);
                copy(std::min(end, m_text.size()) - m_at);
            }
        }
        if (m_at < m_text.size()) {
            m_out.text += '"';
            ++m_at;
        }
    }

    void copyEscape(char quote)
    {
        const char kind = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
        if (kind == 'u')
            return copyUnit();
        if (kind == '\'') {
            m_out.text += '\'';
            return leaveOut(2, m_out.spelling);
        }
        if (quote == '\'' && kind == 'x') {
            if (const auto code = hexAt(m_text, m_at + 2, 2)) {
                m_out.text += *code == 0 ? "" : escaped(*code);
                m_out.zeros |= *code == 0;
                m_at += 4;
                return;
            }
        }
        if (quote == '\'' && kind == 'U') {
            if (const auto code = hexAt(m_text, m_at + 2, 8); code && *code >= 0x10000 && *code <= 0x10FFFF) {
                const unsigned rest = *code - 0x10000;
                m_out.text += escaped(0xD800 + (rest >> 10)) + escaped(0xDC00 + (rest & 0x3FF));
                m_at += 10;
                return;
            }
        }
        copy(std::min(size_t{2}, m_text.size() - m_at));
    }

    /// \uXXXX: a zero goes, half of a surrogate pair becomes U+FFFD.
    void copyUnit()
    {
        const auto code = hexAt(m_text, m_at + 2, 4);
        if (!code)
            return copy(2);
        if (*code == 0)
            return leaveOut(6, m_out.zeros);
        if (*code < 0xD800 || *code > 0xDFFF)
            return copy(6);
        const auto second = m_text.substr(m_at + 6, 2) == "\\u" ? hexAt(m_text, m_at + 8, 4) : std::nullopt;
        if (*code < 0xDC00 && second && *second >= 0xDC00 && *second <= 0xDFFF)
            return copy(12);
        m_out.text += escaped(0xFFFD);
        leaveOut(6, m_out.spelling);
    }

    std::string_view m_text;
    size_t m_at = 0;
    MendedJson m_out;
};

}  // namespace

MendedJson mendJson(std::string_view text)
{
    return Mender(text).run();
}

}  // namespace core
