// SPDX-License-Identifier: Apache-2.0
// The check of the rows, kept up to date in the background.
#pragma once

#include "core/jobs/job_runner.h"
#include "core/quality/audit.h"
#include "core/tasks/deep_check.h"
#include "ui/session/one_at_a_time.h"

#include <QTimer>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

namespace ui {

class Checker final : public QObject {
    Q_OBJECT
public:
    using Severity = core::Finding::Severity;

    Checker(std::filesystem::path folder, core::JobRunner &runner, QObject *parent = nullptr);

    /// Checks soon: the longer the last check took, the later, so that typing into a million rows stays quiet.
    void ask();
    /// What the thorough check found of the rows as an edit left them; rows that were touched since are left out.
    void setDeep(std::shared_ptr<const core::DeepCheck> check, int64_t newestEdit);
    /// Of a service without rows there are none: nothing was done yet that could be wrong.
    [[nodiscard]] const std::vector<core::Finding> &findings() const { return m_report.findings; }
    /// The worst that a finding says of a row.
    [[nodiscard]] std::optional<Severity> problemOf(int64_t row) const;
    /// The id of the label that seems to fit a row better than its own.
    [[nodiscard]] std::optional<core::LabelSet> betterLabelsOf(int64_t row) const;

Q_SIGNALS:
    void changed();
    void failed(const base::Error &error);

private:
    struct Report {
        std::vector<core::Finding> findings;
        std::vector<std::pair<int64_t, Severity>> problems;  ///< by row, the worst of each
        std::map<int64_t, core::LabelSet> betterLabels;      ///< by row
        std::shared_ptr<const engine::Tokenizer> tokenizer;
    };
    void check();
    [[nodiscard]] static base::Result<void> addDeep(const core::Service &service, const core::DeepCheck &deep,
                                                    int64_t newestEdit, bool isNearKnown,
                                                    std::vector<core::Finding> &findings);

    std::filesystem::path m_folder;
    core::JobRunner &m_runner;
    QTimer m_soon;
    OneAtATime m_work;
    Report m_report;
    std::shared_ptr<const core::DeepCheck> m_deep;
    int64_t m_deepEdit = 0;
};

}  // namespace ui
