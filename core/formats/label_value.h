// SPDX-License-Identifier: Apache-2.0
// What the value of a label stands for: names, numbers, booleans, lists and maps.
#pragma once

#include "core/base/error.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace core {

/// What a whole number stands for where it is a label.
enum class NumberLabels {
    Automatic,  ///< see decideNumbers
    Names,      ///< the class of that name
    FromZero,   ///< 0 is the first class
    FromOne,    ///< 1 is the first class
    LostZeros,  ///< 1 is the class "01": a spreadsheet dropped its zeros
    Truth       ///< of two classes that mean yes and no, 1 is yes
};

/// How the labels of a file are to be read.
struct LabelReading {
    std::vector<std::string> classes;            ///< declared ones, in order
    std::set<std::string> known;                 ///< the classes, and what stands alone in some cell of the column
    std::map<std::string, std::string> meaning;  ///< as people said: "true" means spam
    NumberLabels numbers = NumberLabels::Names;
    std::vector<std::string> classNames;  ///< of numbers from 0 on, as the data set says
    bool takesSeveral = false;            ///< "a; b" are two labels, and {"a": 0} is none
    bool isTable = false;                 ///< cells have no types: "1" may be a number
    bool isListed = false;                ///< every filled cell of the column is a list in brackets
    bool hasFractions = false;            ///< every number of the column is written as 1.0
};

/// The labels of a row; nothing: it has not been labelled. An error says why they cannot be read.
using LabelResult = tl::expected<std::optional<std::vector<std::string>>, std::string>;

[[nodiscard]] LabelResult labelsOf(const nlohmann::ordered_json &value, const LabelReading &reading);

/// The value as a whole number: an integer, 1.0, or in a table digits; leading zeros make a name.
[[nodiscard]] std::optional<int64_t> wholeNumber(const nlohmann::ordered_json &value, bool isTable);

/// Whether a text is a boolean as programs write it, in any case.
[[nodiscard]] std::optional<bool> booleanIn(const std::string &text);

/// The class whose name means true or false in one of many languages, or nothing where none or several do.
[[nodiscard]] std::optional<std::string> classMeaning(bool value, const std::vector<std::string> &classes);

/// What the numbers of a column of `values` may stand for: places only where no class is named by a number, all are
/// places from 0 on, and nothing speaks for another order.
[[nodiscard]] NumberLabels decideNumbers(const std::set<int64_t> &values, const std::vector<std::string> &classes);

/// "0 = refund, 1 = delivery", up to eight of them.
[[nodiscard]] std::string mappingText(const std::set<int64_t> &values, const LabelReading &reading);

/// The class that a number stands for, or nothing.
[[nodiscard]] std::optional<std::string> classOfNumber(int64_t number, const LabelReading &reading);

}  // namespace core
