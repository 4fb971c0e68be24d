// SPDX-License-Identifier: Apache-2.0
// Reads what is said of checkpoints, away from the window's thread.
#pragma once

#include "core/results/checkpoint_results.h"
#include "core/results/comparison.h"
#include "ui/session/one_at_a_time.h"
#include "ui/session/session.h"

#include <memory>

namespace ui {

using SharedResults = std::shared_ptr<const core::CheckpointResults>;

/// Of several checkpoints asked for quickly only the newest is read.
class ResultsReader final : public QObject {
    Q_OBJECT
public:
    explicit ResultsReader(Session &session, QObject *parent = nullptr) : QObject(parent), m_session(session) { }

    void ask(const core::CheckpointName &checkpoint);
    /// What was read is not true any more.
    void forget() { m_read.clear(); }

Q_SIGNALS:
    void read(const ui::SharedResults &results);
    void failed(const base::Error &error);

private:
    void start();

    Session &m_session;
    core::CheckpointName m_asked;
    OneAtATime m_reading;
    std::map<std::string, SharedResults> m_read;  ///< the last few
};

/// How each checkpoint does against one of them, on the rows that both have answered, and how sure its macro F1 is.
class AgainstReader final : public QObject {
    Q_OBJECT
public:
    struct Standing {
        core::ComparedRows rows;
        engine::Interval macroF1;
    };
    using Compared = std::map<std::string, Standing>;  ///< by the checkpoint's name

    explicit AgainstReader(Session &session, QObject *parent = nullptr) : QObject(parent), m_session(session) { }

    void ask(const core::CheckpointName &against, std::vector<core::CheckpointName> checkpoints);

Q_SIGNALS:
    void read(const ui::AgainstReader::Compared &compared);

private:
    void start();

    Session &m_session;
    core::CheckpointName m_against;
    std::vector<core::CheckpointName> m_checkpoints;
    OneAtATime m_reading;
};

}  // namespace ui
