// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/head_classes.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

using nlohmann::json;

namespace engine {

namespace {

constexpr int64_t MostClasses = 1'000'000;
constexpr size_t Unstated = 2;
constexpr const char *Correct = " Correct id2label in config.json: the numbers from 0 on, each with a name in quotes.";

std::vector<std::string> unnamed(size_t classes)
{
    std::vector<std::string> labels;
    for (size_t i = 0; i < classes; ++i)
        labels.push_back("LABEL_" + std::to_string(i));
    return labels;
}

std::string quoted(const std::string &text)
{
    constexpr size_t Most = 80;
    return "\"" + (text.size() > Most ? text.substr(0, Most) + "..." : text) + "\"";
}

std::optional<size_t> placeOf(const std::string &key, size_t classes)
{
    size_t place = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), place);
    const bool isPlace = error == std::errc() && end == key.data() + key.size() && place < classes;
    return isPlace ? std::optional(place) : std::nullopt;
}

/// Puts names into `labels`; what is returned is what is wrong with them.
std::string readNames(const json &map, std::vector<std::string> &labels)
{
    labels.assign(map.size(), {});
    std::vector<bool> isNamed(map.size());
    std::set<std::string> names;
    for (const auto &[key, value] : map.items()) {
        const auto place = placeOf(key, map.size());
        if (!place || isNamed[*place])
            return "The classes of this classifier have numbers that do not run from 0 to " +
                   std::to_string(map.size() - 1) + " (" + quoted(key) + " in id2label)." + Correct;
        if (!value.is_string())
            return "The classes of this classifier have no names: " +
                   quoted(value.dump(-1, ' ', false, json::error_handler_t::replace)) +
                   " stands where the name of class " + key + " belongs." + Correct;
        const auto name = value.get<std::string>();
        if (name.empty())
            return "Class " + key + " of this classifier has no name." + Correct;
        if (!names.insert(name).second)
            return "Two classes of this classifier have the name " + quoted(name) +
                   ", so nobody could tell their answers apart." + Correct;
        isNamed[*place] = true;
        labels[*place] = name;
    }
    return {};
}

}  // namespace

HeadClasses readHeadClasses(const json &config)
{
    HeadClasses head;
    const json names = config.value("id2label", json());
    const json number = config.value("num_labels", json());
    if (names.is_array() && !names.empty()) {
        json map = json::object();
        for (size_t i = 0; i < names.size(); ++i)
            map[std::to_string(i)] = names[i];
        head.trouble = readNames(map, head.labels);
    } else if (names.is_object() && !names.empty()) {
        head.trouble = readNames(names, head.labels);
    } else if (!names.is_null() && !names.empty()) {
        head.trouble =
            "The classes of this classifier cannot be read: id2label is no list of names." + std::string(Correct);
    } else if (number.is_null()) {
        head.labels = unnamed(Unstated);
    } else if (number.is_number_integer() && number.get<int64_t>() >= 1 && number.get<int64_t>() <= MostClasses) {
        head.labels = unnamed(static_cast<size_t>(number.get<int64_t>()));
    } else {
        head.trouble = "config.json does not say how many classes this classifier has: num_labels is " +
                       quoted(number.dump(-1, ' ', false, json::error_handler_t::replace)) + ".";
    }
    const json problem = config.value("problem_type", json());
    if (problem.is_string() && problem != name(TaskType::SingleLabel) && problem != name(TaskType::MultiLabel))
        head.trouble = "These weights solve " + quoted(problem.get<std::string>()) +
                       "; single_label_classification and multi_label_classification can be used.";
    if (problem == name(TaskType::MultiLabel) || head.labels.size() == 1)
        head.task = TaskType::MultiLabel;
    return head;
}

}  // namespace engine
