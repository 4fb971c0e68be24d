// SPDX-License-Identifier: Apache-2.0
// Whether a classifier would be right more often if it read more of each text.
#pragma once

#include "core/tasks/train_material.h"

namespace core {

/// One way to read long texts against the way that was asked for.
struct LengthTrial {
    int shorter = 0;          ///< tokens read of a text, as asked for
    int longer = 0;           ///< tokens read in the trial
    int64_t rows = 0;         ///< each answered by a head that had not seen it
    int64_t longRows = 0;     ///< of them, longer than `shorter`
    int64_t withShorter = 0;  ///< rows answered rightly
    int64_t withLonger = 0;
    double pValue = 1;  ///< exact McNemar test of the rows that only one of them answers rightly

    /// More rows are right, beyond chance.
    [[nodiscard]] bool helps() const;
};

/// Fits heads on the frozen features of some train rows, read as asked for and longer, and compares their out-of-fold
/// answers. Nothing (empty) where hardly any text is longer than what is read, where the weights read no more, where
/// there are too few rows, where hardly any long text is answered wrongly, or where reading would take more than half a
/// minute. Stops with Cancelled.
[[nodiscard]] base::Result<std::optional<LengthTrial>> tryLength(engine::Nets &nets, const TrainMaterial &material,
                                                                 const base::WorkContext &context);

/// What the trial advises, with its figures; empty where longer is not better.
[[nodiscard]] std::string noteOnLength(const std::optional<LengthTrial> &trial);

}  // namespace core
