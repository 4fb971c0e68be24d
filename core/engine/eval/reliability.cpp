// SPDX-License-Identifier: Apache-2.0
#include "core/engine/eval/reliability.h"

#include <algorithm>
#include <cmath>

namespace engine {

void CalibrationBins::add(double probability, bool cameTrue)
{
    const auto count = static_cast<int>(m_bins.size());
    const int bin = std::clamp(static_cast<int>(std::ceil(probability * count)) - 1, 0, count - 1);
    Bin &chosen = m_bins[static_cast<size_t>(bin)];
    ++chosen.count;
    chosen.came += cameTrue ? 1 : 0;
    chosen.claimed += probability;
}

double CalibrationBins::error() const
{
    double gaps = 0;
    int64_t count = 0;
    for (const Bin &bin : m_bins) {
        gaps += std::abs(bin.claimed - static_cast<double>(bin.came));
        count += bin.count;
    }
    return count > 0 ? gaps / static_cast<double>(count) : 0;
}

}  // namespace engine
