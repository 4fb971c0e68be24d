// SPDX-License-Identifier: Apache-2.0
// Answers single texts with the best classifier there is: the checkpoint in use, else the quick one.
#pragma once

#include "core/classify/classifier_session.h"
#include "ui/session/session.h"

namespace ui {

struct Answer {
    std::vector<std::string> labels;
    std::vector<float> probabilities;
    QString by;         ///< which classifier answered
    bool asks = false;  ///< too unsure to stand without a person
};

/// Loads and answers in the Interactive lane. Of several texts asked quickly only the newest is answered.
class Answerer final : public QObject {
    Q_OBJECT
public:
    explicit Answerer(Session &session, QObject *parent = nullptr);

    [[nodiscard]] bool canAnswer() const { return m_session.inUse().has_value() || m_session.quick() != nullptr; }
    void ask(const QString &text);

Q_SIGNALS:
    void answered(const ui::Answer &answer);
    void failed(const base::Error &error);

private:
    void start();

    Session &m_session;
    std::string m_text;
    bool m_waiting = false;
    core::Job *m_job = nullptr;
    std::string m_loadedName;  ///< checkpoint that `m_loaded` is
    std::shared_ptr<core::ClassifierSession> m_loaded;
};

}  // namespace ui
