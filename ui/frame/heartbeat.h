// SPDX-License-Identifier: Apache-2.0
// How late a timer comes: what a person feels of work on the GUI thread. Kept in debug builds and by the benchmarks.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <array>

namespace ui {

class Heartbeat final : public QObject {
public:
    struct Lateness {
        int64_t beats = 0;
        double medianMs = 0;
        double p99Ms = 0;
        double longestMs = 0;
    };

    explicit Heartbeat(QObject *parent = nullptr);

    void start();
    /// Of all beats since it was started or last asked.
    [[nodiscard]] Lateness take();

private:
    void beat();
    [[nodiscard]] double quantile(double share) const;

    static constexpr int BinsPerMs = 2;
    static constexpr int LastMs = 1000;  ///< later ones are counted in the last bin

    QTimer m_timer;
    QElapsedTimer m_since;
    std::array<int64_t, size_t{BinsPerMs * LastMs + 1}> m_histogram{};
    int64_t m_beats = 0;
    double m_longestMs = 0;
};

}  // namespace ui
