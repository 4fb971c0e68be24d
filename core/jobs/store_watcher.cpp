// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/store_watcher.h"

namespace core {

StoreWatcher::StoreWatcher(const Database &database, QObject *parent)
    : QObject(parent), m_database(database), m_version(database.dataVersion())
{
    m_timer.setInterval(100);
    connect(&m_timer, &QTimer::timeout, this, &StoreWatcher::poll);
    m_timer.start();
}

void StoreWatcher::poll()
{
    const auto version = guardStore([&]() -> base::Result<int64_t> { return m_database.dataVersion(); });
    if (!version || *version == m_version)
        return;  // a store that cannot be read now is asked again at the next tick
    m_version = *version;
    Q_EMIT changed();
}

}  // namespace core
