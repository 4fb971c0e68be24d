// SPDX-License-Identifier: Apache-2.0
// What several tests need: temporary folders, golden files, small services.
#pragma once

#include "core/base/error.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

/// Fails the test with the error's words when a Result has none of a value. Evaluates its argument once.
#define VERIFY_RESULT(result)                                                                                          \
    do {                                                                                                               \
        const auto problem = support::problemOf(result);                                                               \
        QVERIFY2(problem.empty(), problem.c_str());                                                                    \
    } while (false)

namespace support {

template <class T>
std::string problemOf(const base::Result<T> &result)
{
    return result ? std::string() : std::string(base::name(result.error().code)) + ": " + result.error().message;
}

class TempFolder {
public:
    [[nodiscard]] std::filesystem::path path() const { return m_dir.path().toStdString(); }
    [[nodiscard]] std::filesystem::path operator/(const std::string &name) const { return path() / name; }

private:
    QTemporaryDir m_dir;
};

inline void write(const std::filesystem::path &path, std::string_view bytes)
{
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string read(const std::filesystem::path &path)
{
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

inline std::filesystem::path golden(const std::string &name)
{
    return std::filesystem::path(GOLDEN_FOLDER) / name;
}

inline nlohmann::json goldenJson(const std::string &name)
{
    return nlohmann::json::parse(read(golden(name)));
}

/// A folder in distil labs' layout with two easily told classes; `rows` of each in train and in test.
inline void writeDistilFolder(const std::filesystem::path &folder, int rows)
{
    write(
        folder / "job_description.json",
        R"({"task_description":"Sort mails","classes_description":{"refund":"money back","delivery":"where is it"}})");
    std::string train = "question,answer\n", test = "question,answer\n";
    for (int i = 0; i < rows; ++i) {
        const std::string n = std::to_string(i);
        train += "money back please " + n + ",refund\nwhere is my parcel " + n + ",delivery\n";
        test += "refund my card " + n + ",refund\nparcel late when " + n + ",delivery\n";
    }
    write(folder / "train.csv", train);
    write(folder / "test.csv", test);
}

}  // namespace support
