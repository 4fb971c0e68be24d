// SPDX-License-Identifier: Apache-2.0
// Reads what make_tables.py made and compares every cell.
//
//     read_tables FOLDER
#include "core/formats/row_file.h"

#include <cstdio>
#include <fstream>
#include <map>

namespace fs = std::filesystem;

namespace {

/// Empty: each cell is right.
std::string difference(const fs::path &table, const nlohmann::json &right)
{
    const auto file = core::readRowFile(table);
    if (!file)
        return file.error().message;
    if (!file->rejections.empty())
        return "row " + std::to_string(file->rejections[0].row) + ": " + file->rejections[0].reason;
    if (file->columns != right.at("columns").get<std::vector<std::string>>())
        return "other columns";
    const auto &rows = right.at("rows");
    if (file->records.size() != rows.size())
        return std::to_string(file->records.size()) + " of " + std::to_string(rows.size()) + " rows";
    for (size_t i = 0; i < rows.size(); ++i) {
        for (size_t j = 0; j < file->columns.size(); ++j) {
            if (file->records[i].fields.at(file->columns[j]) != rows[i][j])
                return "row " + std::to_string(i) + ", " + file->columns[j];
        }
    }
    return {};
}

}  // namespace

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    std::map<std::string, std::pair<int, int>> right;  // by program: right ones, all
    bool all = true;
    for (const auto &entry : fs::directory_iterator(argv[1])) {
        fs::path path = entry.path();
        if (path.extension() != ".csv")
            continue;
        const std::string name = path.stem().string();
        auto &[good, seen] = right[name.substr(0, name.rfind('-'))];
        ++seen;
        const auto wanted = nlohmann::json::parse(std::ifstream(fs::path(path).replace_extension(".json")));
        const std::string what = difference(path, wanted);
        good += what.empty() ? 1 : 0;
        if (!what.empty())
            std::printf("%s: %s\n", path.c_str(), what.c_str());
        all = all && what.empty();
    }
    for (const auto &[program, figures] : right)
        std::printf("%-20s %d of %d tables come back equal\n", program.c_str(), figures.first, figures.second);
    return all && !right.empty() ? 0 : 1;
}
