// SPDX-License-Identifier: Apache-2.0
// Reads the first batch of a run away from the window's thread.
#pragma once

#include "core/training/first_batch.h"
#include "ui/session/one_at_a_time.h"
#include "ui/session/session.h"

namespace ui {

/// Of several runs asked for quickly only the newest is read.
class BatchReader final : public QObject {
    Q_OBJECT
public:
    explicit BatchReader(Session &session, QObject *parent = nullptr) : QObject(parent), m_session(session) { }

    void ask(const core::RunInfo &run);

Q_SIGNALS:
    void read(const std::vector<core::SeenRow> &rows);
    void failed(const base::Error &error);

private:
    void start();

    Session &m_session;
    core::RunInfo m_asked;
    OneAtATime m_reading;
};

}  // namespace ui
