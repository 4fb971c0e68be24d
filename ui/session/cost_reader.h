// SPDX-License-Identifier: Apache-2.0
// Reckons what a training would take, away from the window's thread.
#pragma once

#include "core/training/training_cost.h"
#include "ui/session/one_at_a_time.h"
#include "ui/session/session.h"

#include <map>
#include <optional>

namespace ui {

/// Of several trainings asked for quickly only the newest is reckoned. The machine's speed is measured once for each
/// kind of training, and not while another one runs.
class CostReader final : public QObject {
    Q_OBJECT
public:
    explicit CostReader(Session &session, QObject *parent = nullptr) : QObject(parent), m_session(session) { }

    void ask(const core::TrainOptions &options);

Q_SIGNALS:
    void read(const core::TrainingCost &cost);
    void failed(const base::Error &error);

private:
    void start();

    Session &m_session;
    core::TrainOptions m_asked;
    OneAtATime m_reading;
    std::map<std::string, core::TrainingSpeed> m_speeds;  ///< by what decides them
};

}  // namespace ui
