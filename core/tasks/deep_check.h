// SPDX-License-Identifier: Apache-2.0
// The checks that read every text with the base weights, or compare all with all: for when people ask for them.
#pragma once

#include "core/classify/out_of_sample.h"
#include "core/quality/finding.h"

namespace core {

struct DeepCheckOptions {
    bool near = true;         ///< rows that are nearly the same to the letter
    bool meaning = true;      ///< rows that say nearly the same in other words; with it those to the letter come, too
    double similarity = 0.8;  ///< what counts as nearly the same, see near_duplicates.h
    bool labels = true;       ///< labels that are probably wrong
};

struct DeepCheck {
    std::vector<Finding> findings;
    /// With `labels`, where there was enough to learn from.
    std::optional<OutOfSample> answers;
};

/// The findings of near_audit.h, and label_errors: rows that another class than
/// their own fits better (label_errors.h), the likeliest errors first, each with the class that fits; classes_overlap
/// and classes_hardly_differ: pairs of classes that are mixed up (class_overlap.h), with the rows between them. Without
/// a reader one is opened that takes all cores.
[[nodiscard]] base::Result<DeepCheck> checkDeeply(const Service &service, std::shared_ptr<FeatureReader> reader,
                                                  const DeepCheckOptions &options, const base::WorkContext &context);

}  // namespace core
