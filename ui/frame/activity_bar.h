// SPDX-License-Identifier: Apache-2.0
// The foot: what is running, whether all is saved, and the device.
#pragma once

#include "core/jobs/job_runner.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

class ActivityBar final : public QWidget {
    Q_OBJECT
public:
    ActivityBar(const Theme &theme, core::JobRunner &runner, QWidget *parent = nullptr);

    void setSaved(const QString &text);
    void setDevice(const QString &device);
    /// Named work that is queued or running; work without a title stays in the background.
    [[nodiscard]] static std::vector<core::Job *> activity(const core::JobRunner &runner);

private:
    void jobsChanged();
    void progressChanged();
    void showList();

    const Theme &m_theme;
    core::JobRunner &m_runner;
    core::Job *m_shown = nullptr;
    std::string m_phase;
    int64_t m_phaseDone = 0;
    QElapsedTimer m_phaseTime;
    QPushButton *m_title;
    QProgressBar *m_bar;
    QLabel *m_left;
    QPushButton *m_stop;
    QLabel *m_saved;
    QLabel *m_device;
};

}  // namespace ui
