// SPDX-License-Identifier: Apache-2.0
// Which labels are probably wrong, from what a classifier says of rows it has not learned from.
#pragma once

#include "core/engine/matrix.h"

#include <span>
#include <vector>

namespace core {

struct LabelDoubt {
    size_t row = 0;
    int suggested = 0;   ///< the class that is likelier
    double quality = 0;  ///< of the label, 0..1; the lower, the likelier it is wrong
};

/// Of every row how well its label fits, 0..1: the margin between its label and the likeliest other class, after each
/// class's usual confidence is taken off, so that classes that are always sure do not hide the others'
/// (Northcutt, Jiang, Chuang: Confident Learning, 2021; Kuan, Mueller: Model-agnostic label quality scoring, 2022).
/// `probabilities` rows x classes, out of sample; `labels` one class index a row.
[[nodiscard]] std::vector<double> labelQuality(const engine::Matrix &probabilities, std::span<const int> labels);

/// Rows that confidently belong to another class than their label, the likeliest errors first. A class is confident of
/// a row from the mean probability on that it gives its own rows (Confident Learning, 3.1).
[[nodiscard]] std::vector<LabelDoubt> findLabelErrors(const engine::Matrix &probabilities, std::span<const int> labels);

}  // namespace core
