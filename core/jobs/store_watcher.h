// SPDX-License-Identifier: Apache-2.0
// Tells the window that another connection, or another process, has committed to the store.
#pragma once

#include "core/store/database.h"

#include <QObject>
#include <QTimer>

namespace core {

/// Polls data_version ten times a second (2.4 microseconds each) on a connection of its own thread's.
class StoreWatcher final : public QObject {
    Q_OBJECT
public:
    explicit StoreWatcher(const Database &database, QObject *parent = nullptr);

Q_SIGNALS:
    void changed();

private:
    void poll();
    const Database &m_database;
    QTimer m_timer;
    int64_t m_version = 0;
};

}  // namespace core
