// SPDX-License-Identifier: Apache-2.0
// What the cells of a column look like, whatever its name says.
#pragma once

#include "core/formats/record.h"

#include <optional>

namespace core {

struct ColumnFacts {
    std::string name;
    size_t filled = 0;     ///< cells that are neither empty nor null
    size_t distinct = 0;   ///< different ones among them, at most ColumnFacts::MostDistinct
    double length = 0;     ///< mean, in characters
    bool isBinary = true;  ///< only 0 and 1, true and false, yes and no, or x and nothing
    bool isWhole = true;   ///< only whole numbers
    bool isNumeric = true;
    bool isNested = false;  ///< some are objects or lists
    bool isSet = false;     ///< isBinary: some cell says yes

    static constexpr size_t MostDistinct = 1000;
    static constexpr size_t MostRows = 5000;  ///< so many rows are looked at

    /// Few short values that come again and again.
    [[nodiscard]] bool isCategory() const;
    [[nodiscard]] bool isText() const;
};

/// Of every column, in the order of the file. Linear in the cells of the rows that are looked at.
[[nodiscard]] std::vector<ColumnFacts> factsOf(const RecordFile &file);

/// What a cell of a column of yes and no says; nothing where it says neither. An empty one says no.
[[nodiscard]] std::optional<bool> yesOrNo(const nlohmann::ordered_json &value);

}  // namespace core
