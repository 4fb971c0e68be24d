// SPDX-License-Identifier: Apache-2.0
#include "core/settings/app_settings.h"

#include "core/base/atomic_file.h"
#include "core/base/file_lock.h"

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

AppSettings::Loaded AppSettings::loadOrSetAside(const std::filesystem::path &file)
{
    auto loaded = load(file);
    if (loaded)
        return {std::move(*loaded), std::nullopt};
    Loaded otherwise;
    otherwise.settings.m_file = file;
    otherwise.trouble = loaded.error();
    if (loaded.error().code != ErrorCode::Corrupt) {
        otherwise.trouble->message = "The settings cannot be read, so the usual ones count. " + loaded.error().message;
        return otherwise;
    }
    std::error_code code;
    std::filesystem::path aside;
    for (int number = 1; aside.empty() || std::filesystem::exists(aside, code); ++number) {
        aside = file;
        aside += ".unreadable" + (number > 1 ? "-" + std::to_string(number) : std::string());
    }
    std::filesystem::rename(file, aside, code);
    if (code) {
        otherwise.trouble->message =
            "The settings file is not readable, so the usual settings count. Correct or remove it; it was not changed.";
        return otherwise;
    }
    otherwise.trouble->message = "The settings file is not readable, so the usual settings count. It is kept as " +
                                 aside.filename().string() + "; correct it and give it its name back, or remove it.";
    return otherwise;
}

SettingValue AppSettings::value(const std::string &key) const
{
    const SettingValue &fallback = defaults().at(key);
    const auto found = m_values.find(key);
    return found == m_values.end() ? fallback : fromText(found->second, fallback);
}

Result<void> AppSettings::set(const std::string &key, const SettingValue &newValue)
{
    return change(key, [&](const SettingValue &) { return newValue; });
}

Result<void> AppSettings::change(const std::string &key,
                                 const std::function<SettingValue(const SettingValue &now)> &change)
{
    const auto known = defaults().find(key);
    if (known == defaults().end())
        return failure(ErrorCode::InvalidInput, "There is no setting of this name and kind.", key);
    std::error_code code;
    std::filesystem::create_directories(m_file.parent_path(), code);
    const auto lock = base::FileLock::take(m_file);
    if (!lock)
        return base::Failure(lock.error());
    // Another window may have written it since.
    auto now = TRY(load(m_file));
    const SettingValue changed = change(now.value(key));
    if (known->second.index() != changed.index())
        return failure(ErrorCode::InvalidInput, "There is no setting of this name and kind.", key);
    auto values = now.m_values;
    values[key] = toText(changed);
    YAML::Emitter out;
    out << values;
    TRY(base::writeFile(m_file, std::string(out.c_str()) + "\n"));
    m_values = std::move(values);
    return {};
}

}  // namespace core
