// SPDX-License-Identifier: Apache-2.0
#include "core/formats/label_value.h"

#include "core/base/names.h"
#include "core/base/trimmed.h"
#include "core/engine/json/strict_json.h"
#include "core/formats/class_name.h"
#include "core/formats/label_text.h"
#include "core/formats/role_names.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using base::isWithin;
using nlohmann::ordered_json;

namespace core {

namespace {

constexpr size_t ShownPlaces = 8;

// As foldedColumnName gives them.
const std::set<std::string> TrueWords{"true", "yes", "y",      "t",         "1",   "on",         "wahr", "ja",
                                      "vrai", "oui", "si",     "verdadero", "sim", "verdadeiro", "vero", "waar",
                                      "tak",  "да",  "истина", "是",        "真",  "はい"};
const std::set<std::string> FalseWords{"false", "no",  "n",      "f",   "0",   "off", "falsch", "nein", "faux", "non",
                                       "falso", "nao", "onwaar", "nee", "nie", "нет", "ложь",   "否",   "假"};
/// The second of two classes of such a name is what 0 stands for by convention.
const std::set<std::string> NegativeWords{"negative", "negativ", "negatif",    "negativo", "ham",
                                          "other",    "none",    "not",        "normal",   "bad",
                                          "neg",      "clean",   "irrelevant", "incorrect"};

tl::unexpected<std::string> because(std::string reason)
{
    return tl::unexpected<std::string>(std::move(reason));
}

std::optional<bool> truthIn(const std::string &name)
{
    const std::string folded = foldedColumnName(name);
    if (TrueWords.contains(folded))
        return true;
    return FalseWords.contains(folded) ? std::optional(false) : std::nullopt;
}

std::optional<bool> isSet(const ordered_json &value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number())
        return value.get<double>() != 0;
    return std::nullopt;
}

/// {"refund": 1, "delivery": 0}: the labels that are set.
LabelResult labelsOfMap(const ordered_json &map, const LabelReading &reading)
{
    std::vector<std::string> set;
    for (const auto &[name, value] : map.items()) {
        const auto one = isSet(value);
        if (!one)
            return because("the label \"" + name + "\" in its map is neither 0 nor 1");
        if (*one)
            set.push_back(cleanedClassName(name));
    }
    if (!set.empty() || map.size() != 1 || reading.takesSeveral)
        return set;
    // A single label with 0 is the other one of two.
    const std::string only = map.begin().key();
    if (reading.classes.size() == 2 && isWithin(reading.classes, only))
        return std::vector{reading.classes[reading.classes[0] == only ? 1 : 0]};
    return std::vector{"not " + only};
}

tl::expected<std::string, std::string> labelOfBoolean(bool value, const LabelReading &reading)
{
    const std::string word = value ? "true" : "false";
    if (reading.classes.empty())
        return word;
    if (const auto meant = classMeaning(value, reading.classes))
        return *meant;
    return because("its label is " + word + ", and no class's name says that it means " + word +
                   "; say which class it stands for");
}

/// A name, a number in letters or a boolean in letters.
tl::expected<std::string, std::string> labelOfText(std::string_view text, const LabelReading &reading)
{
    std::string name = cleanedClassName(text);
    if (const auto said = reading.meaning.find(name); said != reading.meaning.end())
        return said->second;
    if (isWithin(reading.classes, name))
        return name;
    if (reading.isTable) {
        if (const auto number = wholeNumber(name, true)) {
            if (const auto place = classOfNumber(*number, reading))
                return *place;
            return reading.hasFractions ? std::to_string(*number) : name;
        }
        if (const auto boolean = booleanIn(name); boolean && !reading.classes.empty()) {
            if (const auto meant = classMeaning(*boolean, reading.classes))
                return *meant;
        }
    }
    return name;
}

LabelResult labelsOfNames(const std::vector<std::string> &names, const LabelReading &reading)
{
    std::vector<std::string> labels;
    for (const std::string &name : names) {
        auto label = labelOfText(name, reading);
        if (!label)
            return because(label.error());
        if (!isWithin(labels, *label))
            labels.push_back(std::move(*label));
    }
    return labels;
}

LabelResult labelsOfList(const ordered_json &list, const LabelReading &reading)
{
    std::vector<std::string> labels;
    for (const auto &item : list) {
        std::string name;
        if (item.is_string()) {
            auto label = labelOfText(item.get_ref<const std::string &>(), reading);
            if (!label)
                return because(label.error());
            name = std::move(*label);
        } else if (const auto number = wholeNumber(item, false)) {
            const auto said = reading.meaning.find(std::to_string(*number));
            name = said != reading.meaning.end() ? said->second
                                                 : classOfNumber(*number, reading).value_or(std::to_string(*number));
        } else {
            return because("its list of labels holds something else than names and numbers");
        }
        if (name.empty())
            return because("one of the labels in its list has no name");
        if (!isWithin(labels, name))
            labels.push_back(std::move(name));
    }
    return labels;
}

LabelResult labelsOfText(const std::string &value, const LabelReading &reading)
{
    const std::string text = cleanedClassName(value);
    if (text.empty())
        return std::nullopt;
    // A declared class is itself, whatever it looks like; also one that was declared with marks around it.
    for (const std::string &name : {value, text}) {
        if (isWithin(reading.classes, name))
            return std::vector{name};
    }
    if (text.starts_with('{') && !isBracketed(text)) {
        const auto map = engine::parseOrderedJson(text);
        if (map && map->is_object())
            return labelsOfMap(*map, reading);
        if (text.find(':') != std::string::npos)
            return because("its label looks like a map of labels but is no JSON");
    }
    if (reading.isListed) {
        const auto listed = listedLabels(text);
        return listed ? labelsOfNames(*listed, reading) : LabelResult(because(listed.error()));
    }
    if (text.starts_with('[')) {
        if (const auto list = engine::parseOrderedJson(text); list && list->is_array())
            return labelsOfList(*list, reading);
    }
    // Where a row takes one label, "a; b" is a name, unless all of it is known: then the row has too many.
    const auto parts = splitLabels(text, reading.known);
    if (reading.takesSeveral)
        return parts ? labelsOfNames(*parts, reading) : LabelResult(because(parts.error()));
    const bool areKnown =
        parts && parts->size() > 1 &&
        std::all_of(parts->begin(), parts->end(), [&](const auto &part) { return reading.known.contains(part); });
    if (areKnown)
        return labelsOfNames(*parts, reading);
    auto label = labelOfText(text, reading);
    return label ? LabelResult(std::vector{std::move(*label)}) : LabelResult(because(label.error()));
}

}  // namespace

LabelResult labelsOf(const ordered_json &value, const LabelReading &reading)
{
    if (value.is_null())
        return std::nullopt;
    if (value.is_array())
        return labelsOfList(value, reading);
    if (value.is_object())
        return labelsOfMap(value, reading);
    if (value.is_string())
        return labelsOfText(value.get_ref<const std::string &>(), reading);
    const bool isBoolean = value.is_boolean();
    const std::string word = isBoolean ? (value.get<bool>() ? "true" : "false") : value.dump();
    if (const auto said = reading.meaning.find(word); said != reading.meaning.end())
        return std::vector{said->second};
    if (isBoolean) {
        auto label = labelOfBoolean(value.get<bool>(), reading);
        return label ? LabelResult(std::vector{std::move(*label)}) : LabelResult(because(label.error()));
    }
    const auto number = wholeNumber(value, false);
    if (!number)
        return because("its label is neither a name, a whole number, a list nor a map of labels");
    const std::string name = std::to_string(*number);
    if (isWithin(reading.classes, name))
        return std::vector{name};
    return std::vector{classOfNumber(*number, reading).value_or(name)};
}

std::optional<int64_t> wholeNumber(const ordered_json &value, bool isTable)
{
    if (value.is_number_integer())
        return value.get<int64_t>();
    if (value.is_number_float()) {
        const double number = value.get<double>();
        const bool isWhole = std::nearbyint(number) == number && std::abs(number) < 1e15;
        return isWhole ? std::optional(static_cast<int64_t>(number)) : std::nullopt;
    }
    if (!isTable || !value.is_string())
        return std::nullopt;
    std::string_view text = base::trimmed(value.get_ref<const std::string &>());
    if (const size_t dot = text.find('.'); dot != std::string_view::npos && dot > 0) {
        if (text.find_first_not_of('0', dot + 1) != std::string_view::npos || dot + 1 == text.size())
            return std::nullopt;
        text = text.substr(0, dot);
    }
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isPlain = !digits.empty() && (digits.size() == 1 || digits.front() != '0');
    return isPlain && end.ec == std::errc() && end.ptr == text.data() + text.size() ? std::optional(number)
                                                                                    : std::nullopt;
}

std::optional<bool> booleanIn(const std::string &text)
{
    const std::string folded = foldedColumnName(text);
    if (folded == "true" || folded == "false")
        return folded == "true";
    return std::nullopt;
}

std::optional<std::string> classMeaning(bool value, const std::vector<std::string> &classes)
{
    std::optional<std::string> found;
    for (const std::string &name : classes) {
        if (truthIn(name) != value)
            continue;
        if (found)
            return std::nullopt;
        found = name;
    }
    return found;
}

NumberLabels decideNumbers(const std::set<int64_t> &values, const std::vector<std::string> &classes)
{
    const bool anyIsNumber = std::any_of(classes.begin(), classes.end(), [](const std::string &name) {
        return !name.empty() && name.find_first_not_of("0123456789.-") == std::string::npos;
    });
    if (values.empty() || classes.empty() || anyIsNumber || *values.begin() < 0 ||
        *values.rbegin() >= static_cast<int64_t>(classes.size()))
        return NumberLabels::Names;
    if (classes.size() == 2) {
        if (classMeaning(true, classes) && classMeaning(false, classes))
            return NumberLabels::Truth;
        // Where the second class is the negative one, 0 stands for it by convention and not for the first.
        if (truthIn(classes[0]) == true || truthIn(classes[1]) == false ||
            NegativeWords.contains(foldedColumnName(classes[1])))
            return NumberLabels::Names;
    }
    return NumberLabels::FromZero;
}

std::optional<std::string> classOfNumber(int64_t number, const LabelReading &reading)
{
    if (const auto i = static_cast<size_t>(number); number >= 0 && i < reading.classNames.size())
        return reading.classNames[i];
    const int64_t place = number - (reading.numbers == NumberLabels::FromOne ? 1 : 0);
    const auto count = static_cast<int64_t>(reading.classes.size());
    switch (reading.numbers) {
    case NumberLabels::FromZero:
    case NumberLabels::FromOne:
        return place >= 0 && place < count ? std::optional(reading.classes[static_cast<size_t>(place)]) : std::nullopt;
    case NumberLabels::LostZeros:
        for (const std::string &name : reading.classes) {
            const size_t zeros = std::min(name.find_first_not_of('0'), name.size() - 1);
            if (!name.empty() && name.substr(zeros) == std::to_string(number))
                return name;
        }
        return std::nullopt;
    case NumberLabels::Truth:
        return number == 0 || number == 1 ? classMeaning(number == 1, reading.classes) : std::nullopt;
    default: return std::nullopt;
    }
}

std::string mappingText(const std::set<int64_t> &values, const LabelReading &reading)
{
    std::string text;
    size_t shown = 0;
    for (const int64_t value : values) {
        const auto name = classOfNumber(value, reading);
        if (!name)
            continue;
        if (shown++ == ShownPlaces)
            return text + " and so on";
        text += (text.empty() ? "" : ", ") + std::to_string(value) + " = " + *name;
    }
    return text;
}

}  // namespace core
