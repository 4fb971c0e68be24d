// SPDX-License-Identifier: Apache-2.0
// What the quick classifier suggests for rows without a label, and whether more labels would help it.
#pragma once

#include "core/classify/quick_classifier.h"
#include "core/store/label_set.h"

#include <map>

namespace core {

struct Suggestion {
    LabelSet labels;        ///< one, or of a multi-label service any number
    double confidence = 0;  ///< 0..1; multi-label: of its least sure yes or no
};

struct Suggestions {
    std::map<int64_t, Suggestion> byRow;
    std::vector<int64_t> mostUseful;  ///< ids, in the order in which a person's label helps most
};

/// What the classifier's probabilities of a text suggest.
[[nodiscard]] Suggestion suggestionOf(const QuickClassifier &quick, std::span<const float> probabilities);

/// Answers for at most `most` of the unlabelled rows, the first ones. Cancelled between small batches; what was read
/// until then is known the next time.
[[nodiscard]] base::Result<Suggestions> suggestLabels(const Service &service, const QuickClassifier &quick, size_t most,
                                                      const base::WorkContext &context);

}  // namespace core
