// SPDX-License-Identifier: Apache-2.0
// What a quick classifier says of labelled rows that it has not learned from.
#pragma once

#include "core/classify/quick_classifier.h"
#include "core/rows/tokenized_rows.h"

namespace core {

struct OutOfSample {
    std::vector<Label> classes;
    LabelledRows train, test;
    engine::Matrix features;      ///< of the train rows
    engine::Matrix descriptions;  ///< classes x features: each class's name with its description
    /// rows x labels, calibrated: train rows by five-fold cross-validation in which rows that say the same stay
    /// together, test rows by a head fitted on all train rows.
    engine::Matrix trainProbabilities, testProbabilities;
    engine::AnswerRule rule;  ///< how they become answers
};

/// Of train at most `mostRows`, evenly spread, of classes that have three or more. Blocked where fewer than two have.
[[nodiscard]] base::Result<OutOfSample> answerOutOfSample(const Service &service, FeatureReader &reader,
                                                          size_t mostRows, const base::WorkContext &context);

}  // namespace core
