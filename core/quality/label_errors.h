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

/// Of every row how well its label fits, 0..1: the probability of its label beside that of the likeliest other class,
/// p / (p + q). Ranks by the log-odds of the two, so the temperature does not matter; self-confidence p alone
/// (Kuan, Mueller: Model-agnostic label quality scoring, 2022) mistakes rows between many classes for wrong ones.
/// `probabilities` rows x classes, out of sample; `labels` one class index a row.
[[nodiscard]] std::vector<double> labelQuality(const engine::Matrix &probabilities, std::span<const int> labels);

/// Rows that confidently belong to another class than their label, and at least twice as likely, the likeliest errors
/// first. A class is confident of
/// a row from the mean probability on that it gives its own rows (Northcutt, Jiang, Chuang: Confident Learning, 2021).
[[nodiscard]] std::vector<LabelDoubt> findLabelErrors(const engine::Matrix &probabilities, std::span<const int> labels);

}  // namespace core
