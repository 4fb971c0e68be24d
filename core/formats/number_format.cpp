// SPDX-License-Identifier: Apache-2.0
#include "core/formats/number_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <vector>

namespace core {

namespace {

constexpr double LargestDate = 2958466;  ///< the first day of the year 10000

/// The shortest digits that give the same number.
std::string general(double value)
{
    std::array<char, 64> digits;
    const bool plain = value == 0 || (std::abs(value) >= 1e-9 && std::abs(value) < 1e15);
    const auto end = plain
                         ? std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed)
                         : std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), end.ptr};
}

/// A run of one letter, a literal, or a single other character.
struct Token {
    char kind;  ///< lower-case letter of a date, '0' digit place, '"' literal, else the character itself
    size_t size = 1;
    std::string text;
};

std::vector<Token> tokensOf(std::string_view code)
{
    std::vector<Token> tokens;
    for (size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (c == ';')
            break;
        if (c == '"') {
            const size_t end = std::min(code.find('"', i + 1), code.size());
            tokens.push_back({'"', 1, std::string(code.substr(i + 1, end - i - 1))});
            i = end;
        } else if (c == '\\' && i + 1 < code.size()) {
            tokens.push_back({'"', 1, std::string(1, code[++i])});
        } else if (c == '[') {  // a colour, a condition, a country
            i = std::min(code.find(']', i), code.size());
        } else if (c == '_' || c == '*') {  // space as wide as the next character
            ++i;
        } else if (code.substr(i, 5) == "AM/PM" || code.substr(i, 5) == "am/pm") {
            tokens.push_back({'p', 1, {}});
            i += 4;
        } else if (std::string_view("ymdhs").find(lower) != std::string_view::npos) {
            if (!tokens.empty() && tokens.back().kind == lower)
                ++tokens.back().size;
            else
                tokens.push_back({lower, 1, {}});
        } else {
            tokens.push_back({c, 1, std::string(1, c)});
        }
    }
    return tokens;
}

std::string padded(int value, size_t width)
{
    std::string digits = std::to_string(value);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

constexpr const char *Months[] = {"January", "February", "March",     "April",   "May",      "June",
                                  "July",    "August",   "September", "October", "November", "December"};
constexpr const char *Days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

std::string formatDate(double value, const std::vector<Token> &tokens, bool since1904)
{
    using namespace std::chrono;
    const auto seconds = static_cast<int64_t>(std::llround(value * 86400));
    const int64_t day = seconds / 86400;
    // 1900 counts from 1 and believes in a 29th of February, which moves what lies behind it by a day.
    const sys_days epoch = since1904 ? sys_days{1904y / 1 / 1} : sys_days{1899y / 12 / 30};
    const sys_days date = epoch + days{day + (!since1904 && day < 60 ? 1 : 0)};
    const year_month_day ymd{date};
    const auto rest = static_cast<int>(seconds % 86400);
    const int hour = rest / 3600, minute = rest / 60 % 60, second = rest % 60;
    const bool twelve = std::any_of(tokens.begin(), tokens.end(), [](const Token &t) { return t.kind == 'p'; });
    const int shown = twelve ? (hour + 11) % 12 + 1 : hour;
    std::string text;
    for (size_t i = 0; i < tokens.size(); ++i) {
        const Token &token = tokens[i];
        const auto neighbour = [&](int step, char kind) {
            for (auto j = static_cast<std::ptrdiff_t>(i) + step;
                 j >= 0 && j < static_cast<std::ptrdiff_t>(tokens.size()); j += step) {
                const char other = tokens[static_cast<size_t>(j)].kind;
                if (std::string_view("ymdhsp").find(other) != std::string_view::npos)
                    return other == kind;
            }
            return false;
        };
        const auto month = static_cast<unsigned>(ymd.month());
        switch (token.kind) {
        case 'y':
            text += token.size > 2 ? padded(static_cast<int>(ymd.year()), 4)
                                   : padded(static_cast<int>(ymd.year()) % 100, 2);
            break;
        case 'm':
            if (neighbour(-1, 'h') || neighbour(1, 's'))
                text += padded(minute, token.size);
            else
                text += token.size > 3    ? std::string(Months[month - 1])
                        : token.size == 3 ? std::string(Months[month - 1]).substr(0, 3)
                                          : padded(static_cast<int>(month), token.size);
            break;
        case 'd': {
            const std::string name = Days[weekday{date}.c_encoding()];
            text += token.size > 3    ? name
                    : token.size == 3 ? name.substr(0, 3)
                                      : padded(static_cast<int>(static_cast<unsigned>(ymd.day())), token.size);
            break;
        }
        case 'h': text += padded(shown, token.size); break;
        case 's': text += padded(second, token.size); break;
        case 'p': text += hour < 12 ? "AM" : "PM"; break;
        default: text += token.text;
        }
    }
    return text;
}

}  // namespace

std::string builtInNumberFormat(int id)
{
    switch (id) {
    case 1: return "0";
    case 2: return "0.00";
    case 3: return "#,##0";
    case 4: return "#,##0.00";
    case 9: return "0%";
    case 10: return "0.00%";
    case 14: return "yyyy-mm-dd";
    case 15: return "d-mmm-yy";
    case 16: return "d-mmm";
    case 17: return "mmm-yy";
    case 18: return "h:mm AM/PM";
    case 19: return "h:mm:ss AM/PM";
    case 20: return "h:mm";
    case 21: return "h:mm:ss";
    case 22: return "yyyy-mm-dd h:mm";
    case 37:
    case 38: return "#,##0";
    case 39:
    case 40: return "#,##0.00";
    case 45: return "mm:ss";
    case 49: return "@";
    default: return {};
    }
}

std::string formatNumber(double value, const std::string &code, bool since1904)
{
    if (code.empty() || code == "General" || code == "@" || !std::isfinite(value))
        return general(value);
    const auto tokens = tokensOf(code);
    const bool date = std::any_of(tokens.begin(), tokens.end(), [](const Token &t) {
        return std::string_view("ymdhs").find(t.kind) != std::string_view::npos;
    });
    if (date)
        return value >= 0 && value < LargestDate ? formatDate(value, tokens, since1904) : general(value);
    // A number: literals before and behind, between them places for digits.
    std::string before, behind;
    size_t whole = 0, decimals = 0;
    bool point = false, thousands = false, digits = false, percent = false;
    for (const Token &token : tokens) {
        if (token.kind == '0' || token.kind == '#' || token.kind == '?') {
            if (!behind.empty())
                return general(value);  // places in two groups: a telephone number, a fraction
            digits = true;
            if (point)
                ++decimals;
            else if (token.kind == '0')
                ++whole;
        } else if (token.kind == '.' && digits && behind.empty()) {
            point = true;
        } else if (token.kind == ',' && digits && behind.empty()) {
            thousands = true;
        } else if (token.kind == 'E' || token.kind == 'e' || token.kind == '/' || token.kind == '@') {
            return general(value);
        } else {
            percent = percent || token.kind == '%';
            (digits ? behind : before) += token.text;
        }
    }
    if (!digits || decimals > 15)
        return general(value);
    const double shown = std::abs(percent ? value * 100 : value);
    if (shown >= 1e15)
        return general(value);
    std::array<char, 64> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), shown, std::chars_format::fixed,
                                   static_cast<int>(decimals));
    std::string text(buffer.data(), end.ptr);
    size_t left = std::min(text.find('.'), text.size());
    if (left < whole) {
        text.insert(0, whole - left, '0');
        left = whole;
    }
    for (size_t i = left; thousands && i > 3; i -= 3)
        text.insert(i - 3, ",");
    const bool nothing = text.find_first_not_of("0.,") == std::string::npos;
    if (value < 0 && !nothing)
        before.insert(before.begin(), '-');
    return before + text + behind;
}

}  // namespace core
