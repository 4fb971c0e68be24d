// SPDX-License-Identifier: Apache-2.0
#include "core/settings/app_settings.h"

#include "core/base/atomic_file.h"

#include <charconv>
#include <yaml-cpp/yaml.h>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// Every setting there is.
const std::map<std::string, SettingValue> &defaults()
{
    static const std::map<std::string, SettingValue> table = {
        {"training.threads", int64_t{0}},  // 0: all cores
        {"training.base", std::string("all-MiniLM-L6-v2")},
        {"log.enabled", true},
        {"window.theme", std::string("system")},  // system, light, dark
        {"window.geometry", std::string()},       // as the window's own code wrote it
        {"services.recent", std::string()},       // lines "folder<tab>UTC time", newest first
    };
    return table;
}

std::string toText(const SettingValue &value)
{
    if (const auto *flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (const auto *number = std::get_if<int64_t>(&value))
        return std::to_string(*number);
    return std::get<std::string>(value);
}

SettingValue fromText(const std::string &text, const SettingValue &fallback)
{
    if (std::holds_alternative<bool>(fallback))
        return text == "true" ? SettingValue(true) : text == "false" ? SettingValue(false) : fallback;
    if (std::holds_alternative<int64_t>(fallback)) {
        int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc() && end == text.data() + text.size() ? SettingValue(number) : fallback;
    }
    return text;
}

}  // namespace

Result<AppSettings> AppSettings::load(const std::filesystem::path &file)
{
    AppSettings settings;
    settings.m_file = file;
    auto bytes = base::readFile(file);
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        return settings;
    if (!bytes)
        return failure(bytes);
    try {
        const YAML::Node root = YAML::Load(*bytes);
        for (const auto &entry : root)
            settings.m_values[entry.first.as<std::string>()] = entry.second.as<std::string>();
    } catch (const YAML::Exception &) {
        return failure(ErrorCode::Corrupt,
                       "The settings file is not readable. Correct or remove it; it was not changed.", file.string());
    }
    return settings;
}

SettingValue AppSettings::value(const std::string &key) const
{
    const SettingValue &fallback = defaults().at(key);
    const auto found = m_values.find(key);
    return found == m_values.end() ? fallback : fromText(found->second, fallback);
}

Result<void> AppSettings::set(const std::string &key, const SettingValue &newValue)
{
    const auto known = defaults().find(key);
    if (known == defaults().end() || known->second.index() != newValue.index())
        return failure(ErrorCode::InvalidInput, "There is no setting of this name and kind.", key);
    auto values = m_values;
    values[key] = toText(newValue);
    YAML::Emitter out;
    out << values;
    std::error_code code;
    std::filesystem::create_directories(m_file.parent_path(), code);
    if (auto written = base::writeFile(m_file, std::string(out.c_str()) + "\n"); !written)
        return written;
    m_values = std::move(values);
    return {};
}

}  // namespace core
