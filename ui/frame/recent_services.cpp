// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/recent_services.h"

#include <QDateTime>
#include <sstream>

namespace ui {

namespace {

constexpr size_t Most = 40;
constexpr const char *Key = "services.recent";

std::vector<RecentService> read(const std::string &text)
{
    std::vector<RecentService> services;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const size_t tab = line.find('\t');
        if (tab != std::string::npos)
            services.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
    return services;
}

void leaveOut(std::vector<RecentService> &services, const std::filesystem::path &folder)
{
    std::erase_if(services, [&](const auto &service) { return service.folder == folder; });
}

}  // namespace

std::vector<RecentService> RecentServices::list() const
{
    return read(m_settings.get<std::string>(Key));
}

void RecentServices::opened(const std::filesystem::path &folder)
{
    change([&](std::vector<RecentService> &services) {
        leaveOut(services, folder);
        services.insert(services.begin(),
                        {folder, QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString()});
        if (services.size() > Most)
            services.resize(Most);
    });
}

void RecentServices::forget(const std::filesystem::path &folder)
{
    change([&](std::vector<RecentService> &services) { leaveOut(services, folder); });
}

void RecentServices::change(const std::function<void(std::vector<RecentService> &)> &change)
{
    static_cast<void>(m_settings.change(Key, [&](const core::SettingValue &now) {
        auto services = read(std::get<std::string>(now));
        change(services);
        std::string text;
        for (const auto &service : services)
            text += service.folder.string() + '\t' + service.openedAt + '\n';
        return core::SettingValue(text);
    }));
}

}  // namespace ui
