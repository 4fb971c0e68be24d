// SPDX-License-Identifier: Apache-2.0
// Maps of the rows, drawn when people ask for them.
#pragma once

#include "core/classify/row_map.h"
#include "core/jobs/job_runner.h"

#include <filesystem>

namespace ui {

class RowMapper final : public QObject {
    Q_OBJECT
public:
    RowMapper(std::filesystem::path folder, core::JobRunner &runner, QObject *parent = nullptr);

    /// Stops what is drawn now.
    void draw(core::Split split, core::MapMethod method);
    [[nodiscard]] bool isDrawing() const { return m_job != nullptr; }
    /// The newest of this split and method; null before.
    [[nodiscard]] std::shared_ptr<const core::RowMap> map(core::Split split, core::MapMethod method) const;

Q_SIGNALS:
    void changed();  ///< it began, ended or was stopped
    void failed(const base::Error &error);

private:
    std::filesystem::path m_folder;
    core::JobRunner &m_runner;
    core::Job *m_job = nullptr;
    int m_generation = 0;                           ///< of the newest drawing
    std::shared_ptr<core::FeatureReader> m_reader;  ///< used by one job at a time
    std::map<std::pair<core::Split, core::MapMethod>, std::shared_ptr<const core::RowMap>> m_maps;
};

}  // namespace ui
