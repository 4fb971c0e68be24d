// SPDX-License-Identifier: Apache-2.0
// The quick classifier, trained again in the background whenever the labels have changed.
#pragma once

#include "core/classify/quick_classifier.h"
#include "core/jobs/job_runner.h"
#include "ui/session/one_at_a_time.h"

#include <filesystem>

namespace ui {

class QuickTrainer final : public QObject {
    Q_OBJECT
public:
    QuickTrainer(std::filesystem::path folder, core::JobRunner &runner, QObject *parent = nullptr);

    void train();
    /// Stops, and begins anew behind what waits in its lane: a question comes first.
    void giveWay();
    /// Too few rows are left to learn from.
    void forget();
    [[nodiscard]] std::shared_ptr<const core::QuickClassifier> classifier() const { return m_classifier; }

Q_SIGNALS:
    void changed();
    void failed(const base::Error &error);

private:
    std::filesystem::path m_folder;
    core::JobRunner &m_runner;
    OneAtATime m_work;
    core::Job *m_job = nullptr;
    std::shared_ptr<core::FeatureReader> m_reader;  ///< keeps the features of known texts
    std::shared_ptr<const core::QuickClassifier> m_classifier;
};

}  // namespace ui
