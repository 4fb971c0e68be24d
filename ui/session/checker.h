// SPDX-License-Identifier: Apache-2.0
// The check of the rows, kept up to date in the background.
#pragma once

#include "core/jobs/job_runner.h"
#include "core/quality/audit.h"
#include "ui/session/one_at_a_time.h"

#include <QTimer>
#include <filesystem>
#include <optional>

namespace ui {

class Checker final : public QObject {
    Q_OBJECT
public:
    using Severity = core::Finding::Severity;

    Checker(std::filesystem::path folder, core::JobRunner &runner, QObject *parent = nullptr);

    /// Checks soon: the longer the last check took, the later, so that typing into a million rows stays quiet.
    void ask();
    [[nodiscard]] const std::vector<core::Finding> &findings() const { return m_report.findings; }
    /// The worst that a finding says of a row.
    [[nodiscard]] std::optional<Severity> problemOf(int64_t row) const;

Q_SIGNALS:
    void changed();
    void failed(const base::Error &error);

private:
    struct Report {
        std::vector<core::Finding> findings;
        std::vector<std::pair<int64_t, Severity>> problems;  ///< by row, the worst of each
    };
    void check();

    std::filesystem::path m_folder;
    core::JobRunner &m_runner;
    QTimer m_soon;
    OneAtATime m_work;
    Report m_report;
};

}  // namespace ui
