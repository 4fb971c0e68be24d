// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/activity_bar.h"

#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QMenu>
#include <QProgressBar>
#include <algorithm>

namespace ui {

ActivityBar::ActivityBar(const Theme &theme, core::JobRunner &runner, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_runner(runner)
{
    setProperty("tone", "window");
    setProperty("edge", "top");
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(33);
    auto *row = makeLayout<QHBoxLayout>({12, 1, 16, 0}, 12);
    setLayout(row);
    m_title = makeButton(tr("Nothing running"), "activityTitle", "flat");
    m_title->setToolTip(tr("Show all activity"));
    m_bar = new QProgressBar;
    m_bar->setObjectName(QStringLiteral("activityProgress"));
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(180);
    m_left = makeLabel({}, "caption");
    m_stop = makeButton(tr("Stop"), "activityStop", "small");
    m_stop->setIcon(theme.icon("stop"));
    m_saved = makeLabel(tr("All changes saved"), "caption");
    m_saved->setObjectName(QStringLiteral("savedText"));
    auto *savedIcon = new QLabel;
    auto *deviceIcon = new QLabel;
    const auto tint = [&theme, savedIcon, deviceIcon] {
        savedIcon->setPixmap(theme.icon("accept", &Tokens::success).pixmap(14, 14));
        deviceIcon->setPixmap(theme.icon("device", &Tokens::muted).pixmap(14, 14));
    };
    tint();
    connect(&theme, &Theme::changed, this, tint);
    m_device = makeLabel({}, "caption");
    row->addWidget(m_title);
    row->addWidget(m_bar);
    row->addWidget(m_left);
    row->addWidget(m_stop);
    row->addStretch();
    row->addWidget(savedIcon);
    row->setSpacing(8);
    row->addWidget(m_saved);
    row->addSpacing(12);
    row->addWidget(deviceIcon);
    row->addWidget(m_device);
    connect(m_title, &QPushButton::clicked, this, &ActivityBar::showList);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_shown)
            m_shown->cancel();
    });
    connect(&runner, &core::JobRunner::jobsChanged, this, &ActivityBar::jobsChanged);
    jobsChanged();
}

std::vector<core::Job *> ActivityBar::activity(const core::JobRunner &runner)
{
    std::vector<core::Job *> active;
    std::copy_if(runner.jobs().begin(), runner.jobs().end(), std::back_inserter(active),
                 [](const core::Job *job) { return !job->isFinished() && !job->title().isEmpty(); });
    return active;
}

void ActivityBar::setSaved(const QString &text)
{
    m_saved->setText(text);
}

void ActivityBar::setDevice(const QString &device)
{
    m_device->setText(device);
}

void ActivityBar::jobsChanged()
{
    const auto active = activity(m_runner);
    core::Job *next = active.empty() ? nullptr : active.front();
    if (next != m_shown) {
        if (m_shown)
            m_shown->disconnect(this);
        m_shown = next;
        m_phase.clear();
        if (m_shown)
            connect(m_shown, &core::Job::progressChanged, this, &ActivityBar::progressChanged);
    }
    for (QWidget *widget : std::initializer_list<QWidget *>{m_bar, m_left, m_stop})
        widget->setVisible(m_shown != nullptr);
    if (!m_shown) {
        m_title->setText(tr("Nothing running"));
        return;
    }
    const auto others = static_cast<int>(active.size()) - 1;
    m_title->setText(others > 0 ? tr("%1, and %2 more").arg(m_shown->title()).arg(others) : m_shown->title());
    progressChanged();
}

void ActivityBar::progressChanged()
{
    const base::Progress &progress = m_shown->progress();
    if (m_phase != progress.phase || progress.done < m_phaseDone) {
        m_phase = progress.phase;
        m_phaseDone = progress.done;
        m_phaseTime.start();
    }
    m_bar->setVisible(progress.total > 0);
    m_bar->setMaximum(1000);
    m_bar->setValue(progress.total > 0 ? static_cast<int>(progress.done * 1000 / progress.total) : 0);
    QString words = QString::fromStdString(progress.phase);
    const int64_t gained = progress.done - m_phaseDone;
    if (progress.total > 0 && gained > 0 && m_phaseTime.elapsed() > 1500) {
        const double left = static_cast<double>(m_phaseTime.elapsed()) / 1000.0 *
                            static_cast<double>(progress.total - progress.done) / static_cast<double>(gained);
        words = tr("about %1 left").arg(durationText(left));
    } else if (progress.total > 0) {
        words += tr(", %1 of %2").arg(countText(progress.done), countText(progress.total));
    }
    m_left->setText(words);
}

void ActivityBar::showList()
{
    QMenu menu;
    const auto &jobs = m_runner.jobs();
    int shown = 0;
    for (auto job = jobs.rbegin(); job != jobs.rend() && shown < 12; ++job) {
        if ((*job)->title().isEmpty())
            continue;
        static const QString states[] = {tr("waiting"), tr("running"), tr("done"), tr("ended with a message"),
                                         tr("stopped")};
        menu.addAction(tr("%1: %2").arg((*job)->title(), states[static_cast<int>((*job)->state())]))->setEnabled(false);
        ++shown;
    }
    if (shown == 0)
        menu.addAction(tr("Nothing has run yet"))->setEnabled(false);
    menu.exec(m_title->mapToGlobal(QPoint(0, -menu.sizeHint().height())));
}

}  // namespace ui
