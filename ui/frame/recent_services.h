// SPDX-License-Identifier: Apache-2.0
// The services the user has opened, newest first.
#pragma once

#include "core/settings/app_settings.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ui {

struct RecentService {
    std::filesystem::path folder;
    std::string openedAt;  ///< UTC, ISO 8601
};

/// Kept in the user's settings; a list that cannot be written is no reason to stop. Several windows
/// share it.
class RecentServices {
public:
    explicit RecentServices(core::AppSettings &settings) : m_settings(settings) { }
    [[nodiscard]] std::vector<RecentService> list() const;
    void opened(const std::filesystem::path &folder);
    void forget(const std::filesystem::path &folder);

private:
    void change(const std::function<void(std::vector<RecentService> &)> &change);
    core::AppSettings &m_settings;
};

}  // namespace ui
