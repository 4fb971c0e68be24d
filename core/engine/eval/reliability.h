// SPDX-License-Identifier: Apache-2.0
// How honest claimed probabilities are: what came true of those that claimed about the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engine {

/// Equal bins of [0, 1], each without its lower and with its upper bound (Guo et al., On Calibration of Modern Neural
/// Networks, 2017; 0 itself belongs to the first).
class CalibrationBins {
public:
    struct Bin {
        int64_t count = 0;
        int64_t came = 0;    ///< of these so many came true
        double claimed = 0;  ///< sum of the probabilities
    };

    explicit CalibrationBins(int count = 15) : m_bins(static_cast<size_t>(count)) { }

    void add(double probability, bool cameTrue);
    /// Expected calibration error: mean distance of claimed and true shares, weighted by count. 0 without any.
    [[nodiscard]] double error() const;
    [[nodiscard]] const std::vector<Bin> &bins() const { return m_bins; }

private:
    std::vector<Bin> m_bins;
};

}  // namespace engine
