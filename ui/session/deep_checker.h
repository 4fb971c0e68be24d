// SPDX-License-Identifier: Apache-2.0
// The thorough check, when people ask for it: rows nearly the same, labels probably wrong, and which classes overlap.
#pragma once

#include "core/jobs/job_runner.h"
#include "core/tasks/deep_check.h"

#include <filesystem>

namespace ui {

class DeepChecker final : public QObject {
    Q_OBJECT
public:
    DeepChecker(std::filesystem::path folder, core::JobRunner &runner, QObject *parent = nullptr);

    /// Does nothing while it runs. `newestEdit`: what it finds is true of the rows as this edit left them.
    void start(int64_t newestEdit);
    [[nodiscard]] bool isRunning() const { return m_job != nullptr; }
    [[nodiscard]] bool hasRun() const { return m_check != nullptr; }
    /// Of the last run; null before.
    [[nodiscard]] std::shared_ptr<const core::DeepCheck> check() const { return m_check; }
    [[nodiscard]] int64_t newestEdit() const { return m_newestEdit; }

Q_SIGNALS:
    void changed();  ///< it began, ended or was stopped
    void failed(const base::Error &error);

private:
    std::filesystem::path m_folder;
    core::JobRunner &m_runner;
    core::Job *m_job = nullptr;
    std::shared_ptr<const core::DeepCheck> m_check;
    int64_t m_newestEdit = 0;
};

}  // namespace ui
