// SPDX-License-Identifier: Apache-2.0
// Rows for measuring: JSON lines with text and label, or labels.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

struct Row {
    std::string text;
    std::string label;                  ///< the first
    std::vector<std::string> labels{};  ///< all, where a row may have several
};

inline std::vector<Row> readRows(const std::string &path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        const auto row = nlohmann::json::parse(line);
        const std::string label = row.value("label", std::string());
        rows.push_back({row.at("text"), label, row.value("labels", std::vector<std::string>{label})});
    }
    return rows;
}

}  // namespace bench
