// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/recent_services.h"

#include <QDateTime>
#include <sstream>

namespace ui {

namespace {

constexpr size_t Most = 40;
constexpr const char *Key = "services.recent";

}  // namespace

std::vector<RecentService> RecentServices::list() const
{
    std::vector<RecentService> services;
    std::istringstream lines(m_settings.get<std::string>(Key));
    for (std::string line; std::getline(lines, line);) {
        const size_t tab = line.find('\t');
        if (tab != std::string::npos)
            services.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
    return services;
}

void RecentServices::opened(const std::filesystem::path &folder)
{
    auto services = list();
    std::erase_if(services, [&](const auto &service) { return service.folder == folder; });
    services.insert(services.begin(), {folder, QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString()});
    if (services.size() > Most)
        services.resize(Most);
    write(services);
}

void RecentServices::forget(const std::filesystem::path &folder)
{
    auto services = list();
    std::erase_if(services, [&](const auto &service) { return service.folder == folder; });
    write(services);
}

void RecentServices::write(const std::vector<RecentService> &services)
{
    std::string text;
    for (const auto &service : services)
        text += service.folder.string() + '\t' + service.openedAt + '\n';
    static_cast<void>(m_settings.set(Key, text));
}

}  // namespace ui
