// SPDX-License-Identifier: Apache-2.0
// What the quick classifier suggests for rows without a label, and whether more labels would help it.
#pragma once

#include "core/store/label_set.h"
#include "core/tasks/quick_classifier.h"

#include <map>

namespace core {

struct Suggestion {
    LabelSet labels;        ///< one, or of a multi-label service any number
    double confidence = 0;  ///< 0..1; multi-label: of its least sure yes or no
};

/// Right answers by cross-validation when it learns from fewer rows.
struct LearningCurve {
    struct Point {
        int64_t rows = 0;
        int64_t right = 0;
    };
    std::vector<Point> points;  ///< rows ascending; the last one is all rows; empty: too few rows to say
    /// Whether the second half of the rows still brought something: a point and a half in a hundred.
    [[nodiscard]] bool isRising() const;
};

struct Suggestions {
    std::map<int64_t, Suggestion> byRow;
    std::vector<int64_t> mostUseful;  ///< ids, in the order in which a person's label helps most
    LearningCurve curve;
};

/// What the classifier's probabilities of a text suggest.
[[nodiscard]] Suggestion suggestionOf(const QuickClassifier &quick, std::span<const float> probabilities);

/// Answers for at most `most` of the unlabelled rows, the first ones. Cancelled between small batches; what was read
/// until then is known the next time. The curve costs as much as training again, so `known` is kept while the rows are
/// nearly as many as it is about.
[[nodiscard]] base::Result<Suggestions> suggestLabels(const Service &service, const QuickClassifier &quick, size_t most,
                                                      const LearningCurve &known, const base::WorkContext &context);

}  // namespace core
