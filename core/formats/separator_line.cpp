// SPDX-License-Identifier: Apache-2.0
#include "core/formats/separator_line.h"

#include "core/base/lowered.h"

#include <algorithm>
#include <cctype>

using base::lowered;

namespace core {

namespace {

constexpr size_t LongestLine = 1000;
constexpr std::string_view Mark = "\xEF\xBB\xBF";

void skipSpaces(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

bool takeQuote(std::string_view &text, char &quote)
{
    if (text.empty() || (text.front() != '"' && text.front() != '\''))
        return false;
    quote = text.front();
    text.remove_prefix(1);
    return true;
}

/// The part before the closing quote; what follows may only be padding.
bool cutAtQuote(std::string_view &text, char quote)
{
    const size_t end = text.find(quote);
    if (end == std::string_view::npos || text.find_first_not_of(" ,;\t|\"'", end) != std::string_view::npos)
        return false;
    text = text.substr(0, end);
    return true;
}

std::string firstCharacter(std::string_view text)
{
    size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
        ++length;
    return std::string(text.substr(0, length));
}

}  // namespace

std::optional<SeparatorLine> separatorLine(std::string_view text)
{
    SeparatorLine found;
    const size_t end = std::min(text.substr(0, LongestLine).find_first_of("\r\n"), text.size());
    if (end > LongestLine)
        return std::nullopt;
    found.length = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : (end < text.size() ? 1 : 0));
    std::string_view line = text.substr(0, end);
    if (line.starts_with(Mark))
        line.remove_prefix(Mark.size());
    skipSpaces(line);
    char quote = '\0';
    if (takeQuote(line, quote) && !cutAtQuote(line, quote))
        return std::nullopt;
    skipSpaces(line);
    if (lowered(std::string(line.substr(0, 3))) != "sep")
        return std::nullopt;
    line.remove_prefix(3);
    skipSpaces(line);
    if (!line.starts_with('='))
        return std::nullopt;
    line.remove_prefix(1);
    const bool onlySpaces = !line.empty() && line.find_first_not_of(' ') == std::string_view::npos;
    skipSpaces(line);
    if (takeQuote(line, quote) && !cutAtQuote(line, quote))
        return std::nullopt;
    while (line.ends_with(' '))
        line.remove_suffix(1);
    const std::string value = lowered(std::string(line));
    constexpr std::pair<std::string_view, const char *> words[] = {{"\\t", "\t"},      {"tab", "\t"}, {"comma", ","},
                                                                   {"semicolon", ";"}, {"pipe", "|"}, {"space", " "}};
    for (const auto &[word, separator] : words) {
        const bool padded =
            value.starts_with(word) && value.find_first_not_of(",;\t", word.size()) == std::string::npos;
        if (padded) {
            found.separators = {separator};
            return found;
        }
    }
    if (value.empty()) {
        if (onlySpaces)
            found.separators = {" "};
        return found;
    }
    if (value.size() > 200 || std::any_of(value.begin(), value.end(), [](unsigned char c) { return std::isalnum(c); }))
        return std::nullopt;
    const bool uniform = std::all_of(value.begin(), value.end(), [&](char c) { return c == value[0]; });
    if (uniform && value.size() > 1 && value.size() < 4)
        found.separators.push_back(value);
    found.separators.push_back(firstCharacter(line));
    // What pads the line separates the cells where a spreadsheet has saved the file again.
    if (static_cast<unsigned char>(value.back()) < 0x80)
        found.separators.emplace_back(1, value.back());
    if (end > 0 && std::string_view(",;\t|").find(text[end - 1]) != std::string_view::npos)
        found.separators.emplace_back(1, text[end - 1]);
    return found;
}

}  // namespace core
