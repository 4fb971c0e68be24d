// SPDX-License-Identifier: Apache-2.0
// The user's settings: one table of keys with types and defaults.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace core {

using SettingValue = std::variant<bool, int64_t, std::string>;

/// Kept in a YAML file; unknown keys in it are kept as they are, values of the wrong type fall back to the default.
class AppSettings {
public:
    /// A missing file is an empty one. A file that is no YAML is left alone and reported.
    [[nodiscard]] static base::Result<AppSettings> load(const std::filesystem::path &file);

    struct Loaded;
    /// As load(), but a file that cannot be read is no reason to stop: it gets another name beside, the settings are
    /// the defaults, and `trouble` says so.
    [[nodiscard]] static Loaded loadOrSetAside(const std::filesystem::path &file);

    /// `key` must be one of the table; see app_settings.cpp.
    template <class T>
    [[nodiscard]] T get(const std::string &key) const
    {
        return std::get<T>(value(key));
    }
    /// Checks key and type; saves at once. What other programs have changed in the file since it was read stays, and
    /// counts here from now on.
    [[nodiscard]] base::Result<void> set(const std::string &key, const SettingValue &newValue);
    /// The same, of what the file says by then.
    [[nodiscard]] base::Result<void> change(const std::string &key,
                                            const std::function<SettingValue(const SettingValue &now)> &change);

private:
    [[nodiscard]] SettingValue value(const std::string &key) const;

    std::filesystem::path m_file;
    std::map<std::string, std::string> m_values;  ///< as text, unknown keys included
};

struct AppSettings::Loaded {
    AppSettings settings;
    std::optional<base::Error> trouble;
};

}  // namespace core
