// SPDX-License-Identifier: Apache-2.0
#include "core/quality/personal_data.h"

#include <algorithm>
#include <optional>

namespace core {

namespace {

using Kind = PersonalData::Kind;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Also bytes of letters beyond ASCII.
bool isWord(char c)
{
    return isDigit(c) || isLetter(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

std::optional<PersonalData> mailAt(std::string_view text, size_t at, size_t from)
{
    const auto isLocal = [](char c) {
        return isDigit(c) || isLetter(c) || std::string_view("._%+-'").find(c) != std::string_view::npos;
    };
    const auto isHost = [](char c) { return isDigit(c) || isLetter(c) || c == '.' || c == '-'; };
    size_t begin = at;
    while (begin > from && isLocal(text[begin - 1]))
        --begin;
    while (begin < at && (text[begin] == '.' || text[begin] == '\''))
        ++begin;
    size_t end = at + 1;
    while (end < text.size() && isHost(text[end]))
        ++end;
    while (end > at + 1 && !isDigit(text[end - 1]) && !isLetter(text[end - 1]))
        --end;
    const auto host = text.substr(at + 1, end - at - 1);
    const size_t dot = host.rfind('.');
    const bool hasEnding = dot != std::string_view::npos && dot > 0 && host.size() - dot > 2 &&
                           std::all_of(host.begin() + static_cast<std::ptrdiff_t>(dot) + 1, host.end(), isLetter);
    if (begin == at || !hasEnding || host.find("..") != std::string_view::npos)
        return std::nullopt;
    return PersonalData{Kind::Mail, begin, end};
}

bool hasLuhnDigit(const std::string &digits)
{
    int sum = 0;
    for (size_t i = 0; i < digits.size(); ++i) {
        int digit = digits[digits.size() - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/// Lengths of IBANs by country, as the registry of ISO 13616 lists them.
int ibanLength(std::string_view country)
{
    static constexpr std::pair<std::string_view, int> Lengths[] = {
        {"AD", 24}, {"AE", 23}, {"AT", 20}, {"BE", 16}, {"BG", 22}, {"CH", 21}, {"CY", 28}, {"CZ", 24}, {"DE", 22},
        {"DK", 18}, {"EE", 20}, {"ES", 24}, {"FI", 18}, {"FR", 27}, {"GB", 22}, {"GR", 27}, {"HR", 21}, {"HU", 28},
        {"IE", 22}, {"IL", 23}, {"IS", 26}, {"IT", 27}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"MC", 27},
        {"MT", 31}, {"NL", 18}, {"NO", 15}, {"PL", 28}, {"PT", 25}, {"RO", 24}, {"RS", 22}, {"SA", 24}, {"SE", 24},
        {"SI", 19}, {"SK", 24}, {"SM", 27}, {"TR", 26}, {"UA", 29}};
    const auto *found =
        std::find_if(std::begin(Lengths), std::end(Lengths), [&](const auto &l) { return l.first == country; });
    return found == std::end(Lengths) ? 0 : found->second;
}

std::optional<PersonalData> ibanAt(std::string_view text, size_t begin)
{
    if (text.size() - begin < 15 || !isLetter(text[begin]) || !isLetter(text[begin + 1]) || !isDigit(text[begin + 2]) ||
        !isDigit(text[begin + 3]) || (begin > 0 && isWord(text[begin - 1])))
        return std::nullopt;
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
    const std::string country{upper(text[begin]), upper(text[begin + 1])};
    const auto length = static_cast<size_t>(ibanLength(country));
    std::string number;
    size_t end = begin;
    for (; end < text.size() && number.size() < length; ++end) {
        if (isDigit(text[end]) || isLetter(text[end]))
            number += upper(text[end]);
        else if (text[end] != ' ' || text[end - 1] == ' ')
            break;
    }
    if (length == 0 || number.size() != length || (end < text.size() && isWord(text[end])))
        return std::nullopt;
    std::rotate(number.begin(), number.begin() + 4, number.end());
    int rest = 0;
    for (const char c : number)
        rest = isDigit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    return rest == 1 ? std::optional(PersonalData{Kind::BankAccount, begin, end}) : std::nullopt;
}

/// Digits in groups, as people write long numbers.
struct Number {
    std::string digits;
    std::vector<size_t> groups;  ///< digits in each
    size_t begin = 0;            ///< with + or (
    size_t end = 0;
    bool international = false;
    bool isPlain = true;  ///< groups are parted by single blanks or hyphens only
};

/// What begins at `begin`, which is a digit, + or (.
Number numberAt(std::string_view text, size_t begin)
{
    Number number{.begin = begin, .end = begin};
    size_t i = begin;
    if (text[i] == '+') {
        number.international = true;
        ++i;
    }
    size_t group = 0, between = 0;
    for (; i < text.size() && number.digits.size() < 24; ++i) {
        const char c = text[i];
        if (isDigit(c)) {
            if (between > 0 && group > 0) {
                number.groups.push_back(group);
                group = 0;
            }
            number.isPlain = number.isPlain && between <= 1;
            between = 0;
            ++group;
            number.digits += c;
            number.end = i + 1;
        } else if (std::string_view(" -./()").find(c) != std::string_view::npos && between < 3) {
            number.isPlain = number.isPlain && (c == ' ' || c == '-');
            ++between;
        } else {
            break;
        }
    }
    number.groups.push_back(group);
    return number;
}

bool isCard(const Number &number)
{
    const size_t count = number.digits.size();
    const char first = number.digits.empty() ? '0' : number.digits[0];
    return !number.international && number.isPlain && count >= 13 && count <= 19 && first >= '2' && first <= '6' &&
           std::all_of(number.groups.begin(), number.groups.end(), [](size_t g) { return g >= 3; }) &&
           hasLuhnDigit(number.digits);
}

bool isPhone(const Number &number, std::string_view text)
{
    const size_t count = number.digits.size();
    if (number.international || number.digits.starts_with("00"))
        return count >= 8 && count <= (number.international ? 15U : 17U);
    // "01.02.2024 10:30": a day and a time are no number.
    const bool isDate = number.groups.size() >= 3 && number.groups[0] <= 2 && number.groups[1] <= 2 &&
                        (number.groups[2] == 4 || number.groups[2] == 2) &&
                        text[number.begin + number.groups[0]] != ' ';
    if (number.digits.starts_with("0"))
        return !isDate && count >= 9 && count <= 12 && (number.groups.size() > 1 || count >= 10);
    // (555) 123-4567, 555-123-4567, 1-555-123-4567
    const auto &g = number.groups;
    const auto isNorthAmerican = [&](size_t first) {
        return g.size() == first + 3 && g[first] == 3 && g[first + 1] == 3 && g[first + 2] == 4;
    };
    return isNorthAmerican(0) || (isNorthAmerican(1) && number.digits[0] == '1' && g[0] == 1);
}

std::optional<PersonalData> numberOf(std::string_view text, size_t begin)
{
    if (begin > 0 && (isWord(text[begin - 1]) || text[begin - 1] == '.' || text[begin - 1] == '#'))
        return std::nullopt;
    if (begin > 1 && (text[begin - 1] == ' ' || text[begin - 1] == '-') && isDigit(text[begin - 2]))
        return std::nullopt;  // the end of a longer one
    Number number = numberAt(text, begin);
    if (number.end < text.size() && isWord(text[number.end]))
        return std::nullopt;
    if (isCard(number))
        return PersonalData{Kind::Card, begin, number.end};
    if (isPhone(number, text))
        return PersonalData{Kind::Phone, begin, number.end};
    return std::nullopt;
}

const char *placeholder(Kind kind)
{
    switch (kind) {
    case Kind::Mail: return "[mail address]";
    case Kind::Phone: return "[phone number]";
    case Kind::Card: return "[card number]";
    case Kind::BankAccount: return "[bank account]";
    }
    return "";
}

}  // namespace

std::vector<PersonalData> findPersonalData(std::string_view text)
{
    std::vector<PersonalData> found;
    size_t from = 0;  // behind the last one
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        std::optional<PersonalData> one;
        const bool wordBegins = i == 0 || !isWord(text[i - 1]);
        if (c == '@')
            one = mailAt(text, i, from);
        else if (isLetter(c) && wordBegins)
            one = ibanAt(text, i);
        else if (c == '+' || c == '(' || (isDigit(c) && wordBegins))
            one = numberOf(text, i);
        if (one) {
            found.push_back(*one);
            from = one->end;
            i = one->end - 1;
        } else if (isDigit(c)) {  // within this number there is no other
            while (i + 1 < text.size() && isDigit(text[i + 1]))
                ++i;
        }
    }
    return found;
}

std::string withoutPersonalData(std::string_view text)
{
    std::string masked;
    size_t from = 0;
    for (const PersonalData &data : findPersonalData(text)) {
        masked.append(text.substr(from, data.begin - from)).append(placeholder(data.kind));
        from = data.end;
    }
    return masked.append(text.substr(from));
}

}  // namespace core
