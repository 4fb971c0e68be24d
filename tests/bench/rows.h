// SPDX-License-Identifier: Apache-2.0
// Rows for measuring: JSON lines with text and label.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

struct Row {
    std::string text;
    std::string label;
};

inline std::vector<Row> readRows(const std::string &path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    std::vector<Row> rows;
    for (std::string line; std::getline(file, line);) {
        const auto row = nlohmann::json::parse(line);
        rows.push_back({row.at("text"), row.value("label", std::string())});
    }
    return rows;
}

}  // namespace bench
