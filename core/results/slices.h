// SPDX-License-Identifier: Apache-2.0
// Kinds of texts that a classifier does worse or better on.
#pragma once

#include "core/results/answers.h"

namespace core {

struct Slice {
    std::string by;    ///< length, language, source, filter
    std::string name;  ///< "up to 8 words", "German", "test.csv"
    std::vector<int64_t> examples;
    int64_t right = 0;
    engine::Interval interval;  ///< of the share that is right: Wilson, 95 %
    double pValue = 1;          ///< how likely so large a distance from the other rows is if there is none

    [[nodiscard]] int64_t rows() const { return static_cast<int64_t>(examples.size()); }
    [[nodiscard]] bool isRealDifference() const { return pValue < Significant; }
    [[nodiscard]] double share() const { return static_cast<double>(right) / static_cast<double>(rows()); }
};

/// By length (quarters of the rows), language, source and the filters that the user saved, in that order; kinds of
/// fewer than ten rows and those that all rows are of are left out. The p-values are of Fisher's exact test, each times
/// the number of slices (Bonferroni): of twenty slices one would look odd by chance. Reads every text.
[[nodiscard]] base::Result<std::vector<Slice>> slicesOf(const Service &service, const Answers &answers);

}  // namespace core
