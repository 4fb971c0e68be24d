// SPDX-License-Identifier: Apache-2.0
// Finds what teachers have labelled and a person should look at, in the background.
#pragma once

#include "core/tasks/disagreements.h"
#include "ui/session/one_at_a_time.h"
#include "ui/session/session.h"

namespace ui {

class ReviewReader final : public QObject {
    Q_OBJECT
public:
    explicit ReviewReader(Session &session, QObject *parent = nullptr) : QObject(parent), m_session(session) { }
    /// `read` or `failed` follows; a search that goes on is given up.
    void start();
    [[nodiscard]] bool isReading() const { return m_isReading; }

Q_SIGNALS:
    void read(const core::ReviewQueue &queue);
    void failed(const base::Error &error);

private:
    Session &m_session;
    OneAtATime m_job;
    bool m_isReading = false;
};

}  // namespace ui
