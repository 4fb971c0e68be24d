// SPDX-License-Identifier: Apache-2.0
// Which labels are probably wrong, from what a classifier says of rows it has not learned from.
#pragma once

#include "core/engine/matrix.h"
#include "core/engine/task_type.h"

#include <span>
#include <vector>

namespace core {

struct LabelDoubt {
    size_t row = 0;
    std::vector<int> suggested;  ///< the class that is likelier; multi-label: all that would be right
    double quality = 0;          ///< of the label, 0..1; the lower, the likelier it is wrong
};

/// Of every row how well its label fits, 0..1: the probability of its label beside that of the likeliest other class,
/// p / (p + q). Ranks by the log-odds of the two, so the temperature does not matter; self-confidence p alone
/// (Kuan, Mueller: Model-agnostic label quality scoring, 2022) mistakes rows between many classes for wrong ones.
/// Multi-label: of its decisions for and against each class, the one that fits worst. A class that was added by
/// mistake is one of all, one that was left out is one of the row's few, so a decision for a class is doubted only as
/// far as it is less likely than classes are on average.
/// `probabilities` rows x classes, out of sample; `labels` one class index a row, or the number of a combination.
[[nodiscard]] std::vector<double> labelQuality(const engine::Matrix &probabilities, std::span<const int> labels,
                                               const engine::Combinations &combinations = {});

/// Rows that confidently belong to another class than their label, and at least twice as likely, the likeliest errors
/// first. A class is confident of a row from the mean probability on that it gives its own rows (Northcutt, Jiang,
/// Chuang: Confident Learning, 2021). Multi-label: the same of each decision for or against a class, where the other
/// one is four times as likely.
[[nodiscard]] std::vector<LabelDoubt> findLabelErrors(const engine::Matrix &probabilities, std::span<const int> labels,
                                                      const engine::Combinations &combinations = {});

}  // namespace core
