// SPDX-License-Identifier: Apache-2.0
// Says which words an answer of a checkpoint rests on, away from the window's thread.
#pragma once

#include "core/classify/explanation.h"
#include "ui/session/one_at_a_time.h"
#include "ui/session/session.h"

namespace ui {

/// Of several texts asked for quickly only the newest is explained. Keeps the classifier that it asked last.
class Explainer final : public QObject {
    Q_OBJECT
public:
    explicit Explainer(Session &session, QObject *parent = nullptr) : QObject(parent), m_session(session) { }

    /// `label`: the class's place among the run's.
    void ask(const core::CheckpointName &checkpoint, const std::string &text, int label);

Q_SIGNALS:
    void explained(const core::Explanation &explanation);
    void failed(const base::Error &error);

private:
    struct Question {
        core::CheckpointName checkpoint;
        std::string text;
        int label = 0;
    };
    void start();

    Session &m_session;
    Question m_asked;
    OneAtATime m_explaining;
    std::string m_loadedName;  ///< checkpoint that `m_loaded` is
    std::shared_ptr<core::ClassifierSession> m_loaded;
};

}  // namespace ui
