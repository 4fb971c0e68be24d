// SPDX-License-Identifier: Apache-2.0
#include "core/formats/dataset_folder.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <yaml-cpp/yaml.h>

namespace fs = std::filesystem;

namespace core {

namespace {

constexpr uint64_t MostBytes = 4 << 20;
constexpr int FoldersAbove = 3;
constexpr int MostDepth = 16;
constexpr size_t MostClasses = 100'000;
/// Parts of a description that are looked at: aliases of YAML can make a short text endless.
constexpr int MostParts = 100'000;

/// Features of one configuration of a data set.
struct Configuration {
    std::string name;
    std::vector<ClassColumn> columns;
};

void collectClasses(const nlohmann::json &feature, const std::string &column, int depth,
                    std::vector<ClassColumn> &columns)
{
    if (depth > MostDepth)
        return;
    if (feature.is_array()) {
        for (const auto &inner : feature)
            collectClasses(inner, column, depth + 1, columns);
        return;
    }
    if (!feature.is_object())
        return;
    const auto names = feature.find("names");
    if (feature.value("_type", "") == "ClassLabel" && names != feature.end() && names->is_array()) {
        ClassColumn classes{column, {}};
        for (const auto &name : *names)
            classes.names.push_back(name.is_string() ? name.get<std::string>() : name.dump());
        columns.push_back(std::move(classes));
        return;
    }
    for (const auto &[key, inner] : feature.items())
        collectClasses(inner, depth == 0 ? key : column, depth + 1, columns);
}

/// names: {'0': refund, '1': delivery}, or a list.
std::vector<std::string> namesOf(const YAML::Node &names)
{
    std::vector<std::string> all;
    if (names.IsSequence()) {
        for (const YAML::Node &name : names)
            all.push_back(name.as<std::string>(""));
        return all;
    }
    if (!names.IsMap() || names.size() > MostClasses)
        return {};
    all.resize(names.size());
    for (const auto &name : names) {
        const auto key = name.first.as<std::string>("");
        size_t place = all.size();
        std::from_chars(key.data(), key.data() + key.size(), place);
        if (place >= all.size())
            return {};
        all[place] = name.second.as<std::string>("");
    }
    return all;
}

/// A feature as YAML has it: {name: label, dtype: {class_label: {names: ...}}}, or within sequence, list or struct.
void collectClasses(const YAML::Node &node, const std::string &column, int depth, int &parts,
                    std::vector<ClassColumn> &columns)
{
    if (depth > MostDepth || ++parts > MostParts)
        return;
    if (node.IsSequence()) {
        for (const YAML::Node &inner : node)
            collectClasses(inner, column, depth + 1, parts, columns);
    }
    if (!node.IsMap())
        return;
    const std::string own =
        column.empty() && node["name"] && node["name"].IsScalar() ? node["name"].as<std::string>("") : column;
    if (const YAML::Node classes = node["class_label"]; classes && classes.IsMap() && classes["names"]) {
        if (auto names = namesOf(classes["names"]); !names.empty())
            columns.push_back({own, std::move(names)});
        return;
    }
    for (const auto &inner : node)
        collectClasses(inner.second, own, depth + 1, parts, columns);
}

Configuration configurationOf(const YAML::Node &info)
{
    Configuration configuration;
    if (!info.IsMap())
        return configuration;
    if (info["config_name"])
        configuration.name = info["config_name"].as<std::string>("");
    int parts = 0;
    if (info["features"])
        collectClasses(info["features"], "", 0, parts, configuration.columns);
    return configuration;
}

/// What stands between the first two lines of three dashes.
std::string frontMatter(const std::string &text)
{
    const size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    if (text.compare(begin, 3, "---") != 0)
        return {};
    const size_t first = text.find('\n', begin);
    const size_t end = first == std::string::npos ? first : text.find("\n---", first);
    return end == std::string::npos ? std::string() : text.substr(first + 1, end - first);
}

std::vector<Configuration> ofReadme(const fs::path &path)
{
    const auto text = base::readFile(path, MostBytes);
    const std::string matter = text ? frontMatter(*text) : std::string();
    std::vector<Configuration> all;
    if (matter.find("dataset_info") == std::string::npos)
        return all;
    const YAML::Node info = YAML::Load(matter)["dataset_info"];
    if (info && info.IsSequence()) {
        for (const YAML::Node &one : info)
            all.push_back(configurationOf(one));
    } else if (info) {
        all.push_back(configurationOf(info));
    }
    return all;
}

std::vector<Configuration> ofJson(const fs::path &path, bool hasConfigurations)
{
    std::vector<Configuration> all;
    const auto text = base::readFile(path, MostBytes);
    const auto json = text ? engine::parseStrictJson(*text) : base::Result<nlohmann::json>(nlohmann::json());
    if (!json || !json->is_object())
        return all;
    const auto add = [&](const std::string &name, const nlohmann::json &info) {
        if (info.is_object() && info.contains("features"))
            all.push_back({name, classColumnsOf(info.at("features"))});
    };
    if (!hasConfigurations) {
        add("", *json);
    } else {
        for (const auto &[name, info] : json->items())
            add(name, info);
    }
    return all;
}

std::vector<Configuration> ofFolder(const fs::path &folder)
{
    std::error_code code;
    std::vector<Configuration> all;
    const auto read = base::guard(folder.string(), [&]() -> base::Result<void> {
        if (fs::is_regular_file(folder / "README.md", code))
            all = ofReadme(folder / "README.md");
        if (all.empty() && fs::is_regular_file(folder / "dataset_infos.json", code))
            all = ofJson(folder / "dataset_infos.json", true);
        if (all.empty() && fs::is_regular_file(folder / "dataset_info.json", code))
            all = ofJson(folder / "dataset_info.json", false);
        return {};
    });
    return read ? all : std::vector<Configuration>();
}

/// The configuration that the file's folder or name begins with, else the only or the first one with classes.
std::vector<ClassColumn> chosen(const std::vector<Configuration> &all, const fs::path &below)
{
    for (const Configuration &one : all) {
        for (const fs::path &step : below) {
            if (!one.name.empty() && (step == one.name || step.string().starts_with(one.name + "-") ||
                                      step.string().starts_with(one.name + "_")))
                return one.columns;
        }
    }
    for (const Configuration &one : all) {
        if (!one.columns.empty())
            return one.columns;
    }
    return {};
}

/// A number of a class, or a list of them.
bool isPlace(const nlohmann::ordered_json &value)
{
    if (value.is_array())
        return std::any_of(value.begin(), value.end(), [](const auto &inner) { return inner.is_number_integer(); });
    const auto *text = value.get_ptr<const std::string *>();
    return value.is_number_integer() ||
           (text && !text->empty() && text->find_first_not_of("0123456789") == std::string::npos);
}

}  // namespace

std::vector<ClassColumn> classColumnsOf(const nlohmann::json &features)
{
    std::vector<ClassColumn> columns;
    collectClasses(features, "", 0, columns);
    return columns;
}

std::vector<ClassColumn> classColumnsFor(const fs::path &file)
{
    std::error_code code;
    const fs::path whole = fs::absolute(file, code);
    fs::path folder = whole.parent_path();
    for (int i = 0; i <= FoldersAbove && !code; ++i) {
        const auto all = ofFolder(folder);
        if (!all.empty())
            return chosen(all, whole.lexically_relative(folder));
        if (folder == folder.parent_path())
            break;
        folder = folder.parent_path();
    }
    return {};
}

void nameClasses(RecordFile &file, const std::vector<ClassColumn> &columns)
{
    const auto isThere = [&](const ClassColumn &column) {
        return std::any_of(file.records.begin(), file.records.end(), [&](const Record &record) {
            const auto value = record.fields.find(column.column);
            return value != record.fields.end() && isPlace(*value);
        });
    };
    const ClassColumn *best = nullptr;
    for (const ClassColumn &column : columns) {
        if (isThere(column) && (!best || column.column == "label"))
            best = &column;
    }
    if (!best)
        return;
    file.classNames = best->names;
    std::string list;
    constexpr size_t Named = 10;
    for (size_t i = 0; i < std::min(Named, best->names.size()); ++i)
        list += (i == 0 ? "" : ", ") + std::to_string(i) + " = " + best->names[i];
    file.notes.push_back("The data set names the classes in its column \"" + best->column + "\": " + list +
                         (best->names.size() > Named ? " and so on." : "."));
}

}  // namespace core
