// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/heartbeat.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ui {

namespace {

constexpr int BeatMs = 4;

}  // namespace

Heartbeat::Heartbeat(QObject *parent) : QObject(parent)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(BeatMs);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start()
{
    m_since.start();
    m_timer.start();
}

void Heartbeat::beat()
{
    const double late = std::max(0.0, static_cast<double>(m_since.nsecsElapsed()) / 1e6 - BeatMs);
    m_since.restart();
    const auto bin = std::min(static_cast<size_t>(late * BinsPerMs), m_histogram.size() - 1);
    ++m_histogram[bin];
    ++m_beats;
    m_longestMs = std::max(m_longestMs, late);
}

double Heartbeat::quantile(double share) const
{
    const auto wanted = static_cast<int64_t>(std::ceil(share * static_cast<double>(m_beats)));
    int64_t seen = 0;
    for (size_t bin = 0; bin < m_histogram.size(); ++bin) {
        seen += m_histogram[bin];
        if (seen >= wanted && seen > 0)
            return std::min(static_cast<double>(bin + 1) / BinsPerMs, m_longestMs);
    }
    return 0;
}

Heartbeat::Lateness Heartbeat::take()
{
    const Lateness all{m_beats, quantile(0.5), quantile(0.99), m_longestMs};
    m_histogram.fill(0);
    m_beats = 0;
    m_longestMs = 0;
    return all;
}

}  // namespace ui
