// SPDX-License-Identifier: Apache-2.0
// Labels of teachers that a person should look at.
#pragma once

#include "core/classify/quick_classifier.h"
#include "core/store/label_set.h"

namespace core {

struct Disagreement {
    int64_t row = 0;
    std::string text;
    LabelSet teacher;                  ///< as the row has it
    std::string teacherName;           ///< as provenances name it
    std::optional<double> confidence;  ///< of the teacher
    LabelSet quick;                    ///< what the classifier of people's rows says
    double quickConfidence = 0;        ///< 0..1
    bool disagrees = false;            ///< of the two answers
    bool ordersTheReader = false;      ///< see readsLikeInstructions
};

/// A text that a teacher has labelled is worth a look where a head fitted on people's rows says otherwise, where the
/// teacher was less than half sure, or where the text reads like an order to the one who sorts it. Those that both are
/// sure of differently come first. At most `most`, of at most 20,000 taught rows of Train and Unlabelled, from all
/// over. Without a classifier (fewer than three rows of people in two classes) nobody can disagree.
struct ReviewQueue {
    std::vector<Disagreement> rows;
    int64_t looked = 0;     ///< rows that teachers labelled
    bool couldAsk = false;  ///< there is a classifier of people's rows
};
[[nodiscard]] base::Result<ReviewQueue> reviewTeachers(const Service &service, std::shared_ptr<FeatureReader> reader,
                                                       size_t most, const base::WorkContext &context);

}  // namespace core
