// SPDX-License-Identifier: Apache-2.0
#include "core/formats/label_text.h"

#include "core/base/trimmed.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace core {

namespace {

using base::trimmed;

/// Quotation marks and what closes each.
constexpr std::pair<std::string_view, std::string_view> Quotes[] = {
    {"\"", "\""},         {"'", "'"},           {"\u201C", "\u201D"}, {"\u201D", "\u201D"},
    {"\u201E", "\u201C"}, {"\u2018", "\u2019"}, {"\u2019", "\u2019"}, {"\u00AB", "\u00BB"}};
/// Separate labels wherever they stand.
constexpr std::string_view Separators[] = {";", "|"};
/// Separate labels where the parts are known: they stand in names, too.
constexpr std::string_view WeakSeparators[] = {",", "#", "\u3001", "\uFF0C", "\uFF1B", "\n"};

void addOnce(std::vector<std::string> &names, std::string name)
{
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(std::move(name));
}

template <class Range>
std::vector<std::string> partsOf(std::string_view text, const Range &separators)
{
    std::vector<std::string> parts;
    size_t from = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
        const auto at = std::find_if(std::begin(separators), std::end(separators),
                                     [&](std::string_view separator) { return text.substr(i).starts_with(separator); });
        const bool found = i < text.size() && at != std::end(separators);
        if (!found && i < text.size())
            continue;
        addOnce(parts, std::string(trimmed(text.substr(from, i - from))));
        if (found)
            i += std::string_view(*at).size() - 1;
        from = i + 1;
    }
    return parts;
}

bool isNumber(const std::string &text)
{
    return !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos;
}

/// A quoted item from `i` on, where one begins there; `i` ends behind it. Unclosed: nothing, and `broken`.
std::optional<std::string> quotedItem(std::string_view text, size_t &i, bool &broken)
{
    for (const auto &[open, close] : Quotes) {
        if (!text.substr(i).starts_with(open))
            continue;
        std::string item;
        for (size_t j = i + open.size(); j < text.size();) {
            if (text[j] == '\\' && j + 1 < text.size()) {
                item += text[j + 1];
                j += 2;
            } else if (text.substr(j).starts_with(close)) {
                // An apostrophe within a word closes nothing.
                const char after = j + close.size() < text.size() ? text[j + close.size()] : ',';
                if (close.size() == 1 && std::isalnum(static_cast<unsigned char>(after)) != 0) {
                    item += text[j++];
                    continue;
                }
                i = j + close.size();
                return item;
            } else {
                item += text[j++];
            }
        }
        broken = true;
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::string joinLabels(const std::vector<std::string> &labels)
{
    const bool isPlain = !labels.empty() && std::all_of(labels.begin(), labels.end(), [](const std::string &label) {
        return label.find_first_of(";|[{") == std::string::npos && !label.starts_with('(');
    });
    if (!isPlain)
        return nlohmann::json(labels).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::string text;
    for (const std::string &label : labels)
        text += (text.empty() ? "" : "; ") + label;
    return text;
}

bool isBracketed(std::string_view text)
{
    text = trimmed(text);
    if (text.size() < 2)
        return false;
    const char open = text.front(), close = text.back();
    if (open == '[' && close == ']')
        return true;
    if ((open != '(' || close != ')') && (open != '{' || close != '}'))
        return false;
    // A name in brackets is a name; a tuple or a set has quoted items, or none.
    const std::string_view inner = trimmed(text.substr(1, text.size() - 2));
    const bool isQuoted = std::any_of(std::begin(Quotes), std::end(Quotes),
                                      [&](const auto &quote) { return inner.starts_with(quote.first); });
    return (inner.empty() && open == '{') || (isQuoted && (open == '(' || inner.find(':') == std::string_view::npos));
}

LabelNamesOf listedLabels(std::string_view text)
{
    text = trimmed(text);
    std::vector<std::string> names;
    if (const auto list = nlohmann::json::parse(text, nullptr, false); list.is_array()) {
        for (const auto &item : list) {
            if (!item.is_string() && !item.is_number_integer())
                return tl::unexpected<std::string>("its list of labels holds something else than names and numbers");
            addOnce(names, item.is_string() ? std::string(trimmed(item.get_ref<const std::string &>())) : item.dump());
        }
        return names;
    }
    const tl::unexpected<std::string> broken("its list of labels is not whole: " + std::string(text.substr(0, 60)));
    if (!isBracketed(text))
        return broken;
    const std::string_view inner = text.substr(1, text.size() - 2);
    for (size_t i = 0; i < inner.size();) {
        const char c = inner[i];
        if (c == ',' || c == ';' || std::isspace(static_cast<unsigned char>(c)) != 0) {
            ++i;
            continue;
        }
        bool isBroken = false;
        if (auto item = quotedItem(inner, i, isBroken)) {
            addOnce(names, std::string(trimmed(*item)));
            continue;
        }
        if (isBroken)
            return broken;
        const size_t end = std::min(inner.find_first_of(",;", i), inner.size());
        const std::string_view item = trimmed(inner.substr(i, end - i));
        if (item.find_first_of("[]{}\"") != std::string_view::npos)
            return broken;
        if (item != "nan" && item != "None" && item != "null")
            addOnce(names, std::string(item));
        i = end;
    }
    return names;
}

LabelNamesOf splitLabels(std::string_view text, const std::set<std::string> &known)
{
    text = trimmed(text);
    if (known.contains(std::string(text)))
        return std::vector{std::string(text)};
    if (text.empty())
        return std::vector<std::string>();
    if (text.front() == '[' || isBracketed(text))
        return listedLabels(text);
    const auto isKnown = [&](const std::string &part) { return known.contains(part) || isNumber(part); };
    for (const std::string_view separator : WeakSeparators) {
        const auto parts = partsOf(text, std::array{separator});
        if (parts.size() > 1 && std::all_of(parts.begin(), parts.end(), isKnown))
            return parts;
    }
    return partsOf(text, Separators);
}

}  // namespace core
