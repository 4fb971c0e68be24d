// SPDX-License-Identifier: Apache-2.0
// Which words of a text an answer rests on.
#pragma once

#include "core/classify/classifier_session.h"

namespace core {

/// A word, or what stands between two; all parts one after another are the text.
struct TextPart {
    std::string text;
    double logOdds = 0;  ///< that it adds to the class, or takes from it; 0 between words
    bool isRead = true;  ///< false: behind what the classifier reads of a long text
};

struct Explanation {
    int label = 0;
    std::vector<TextPart> parts;
    double logOdds = 0;         ///< of the class for this text
    double neutralLogOdds = 0;  ///< for one as long that says nothing
};

/// For class `label` of the classifier. Some ten milliseconds for a short text, a second for a long one. What tokens
/// add (engine::Predictor::attribute) is summed over the words they belong to, as Unicode's word boundaries (UAX 29)
/// have them.
[[nodiscard]] base::Result<Explanation> explain(const ClassifierSession &classifier, const std::string &text, int label,
                                                const base::WorkContext &context);

/// The parts that speak for the class, strongest first, and those that speak against it, strongest first.
struct DecidingWords {
    std::vector<const TextPart *> supporting, opposing;
};
[[nodiscard]] DecidingWords decidingWords(const Explanation &explanation, size_t most);

}  // namespace core
