// SPDX-License-Identifier: Apache-2.0
// Whether a classifier would be right more often if it read more of each text.
#pragma once

#include "core/training/train_material.h"

namespace core {

/// One way to read long texts against the way that was asked for.
struct LengthTrial {
    int shorter = 0;          ///< tokens read of a text, as asked for
    int longer = 0;           ///< tokens read in the trial; with windows, of each
    int windows = 0;          ///< read of a text at most; 0: texts are cut at `longer`
    int64_t rows = 0;         ///< each answered by a head that had not seen it
    int64_t longRows = 0;     ///< of them, longer than `shorter`
    int64_t withShorter = 0;  ///< rows answered rightly
    int64_t withLonger = 0;
    /// Exact McNemar test of the rows that only one of them answers rightly, times the ways that were tried.
    double pValue = 1;

    /// More rows are right, beyond chance.
    [[nodiscard]] bool helps() const;
};

/// Fits heads on the frozen features of some train rows, and compares their out-of-fold answers where texts are read as
/// asked for and otherwise: more tokens of each, where the weights read more, and in windows, where a notable share is
/// longer still. The better way, if one helps. Nothing (empty) too where texts are read in windows already, where
/// hardly any is longer than what is read, where there are too few rows or hardly a long one is answered wrongly, or
/// where reading would take more than a minute. Stops with Cancelled.
[[nodiscard]] base::Result<std::optional<LengthTrial>> tryLength(engine::Nets &nets, const TrainMaterial &material,
                                                                 const base::WorkContext &context);

/// What the trial advises, with its figures; empty where longer is not better.
[[nodiscard]] std::string noteOnLength(const std::optional<LengthTrial> &trial);

}  // namespace core
