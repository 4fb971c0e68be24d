// SPDX-License-Identifier: Apache-2.0
// Suggested labels for rows without one, made anew whenever the quick classifier has learned again.
#pragma once

#include "core/classify/suggestions.h"
#include "core/jobs/job_runner.h"
#include "ui/session/one_at_a_time.h"

#include <filesystem>

namespace ui {

class Suggester final : public QObject {
    Q_OBJECT
public:
    Suggester(std::filesystem::path folder, core::JobRunner &runner, QObject *parent = nullptr);

    /// Null: there is nothing to suggest by any more.
    void ask(std::shared_ptr<const core::QuickClassifier> quick);
    /// Stops, and begins anew behind what waits in its lane: a question comes first.
    void giveWay();
    [[nodiscard]] const core::Suggestions &suggestions() const { return *m_suggestions; }
    [[nodiscard]] const core::Suggestion *suggestionOrNull(int64_t row) const;

Q_SIGNALS:
    void changed();
    void failed(const base::Error &error);

private:
    void suggest();

    std::filesystem::path m_folder;
    core::JobRunner &m_runner;
    OneAtATime m_work;
    core::Job *m_job = nullptr;
    std::shared_ptr<const core::QuickClassifier> m_quick;
    std::shared_ptr<const core::Suggestions> m_suggestions = std::make_shared<const core::Suggestions>();
};

}  // namespace ui
