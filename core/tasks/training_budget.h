// SPDX-License-Identifier: Apache-2.0
// How much a training of few rows may compute beside what it needs: it is to end in minutes on two processors, also
// where texts are long.
#pragma once

#include "core/engine/nets_interface.h"

#include <string>

namespace core {

/// Of an unlabelled text the passes of self-training learn from so many tokens on average at most, as many as short
/// texts have. What it is taken for is said by the whole text.
constexpr int64_t LearnedOnAverage = 36;
/// No text is cut below this.
constexpr int FewestLearned = 24;

/// Tokens that all rounds of a cross-validation learn from: two minutes of a processor with small weights. Choosing a
/// pass and setting the confidence needs no more.
constexpr int64_t CrossValidationTokens = 110'000;

/// Of all texts; of each at most so many, with 0 all.
[[nodiscard]] int64_t tokensOf(const std::vector<engine::TokenIds> &texts, int most);

/// How many tokens of an unlabelled text are learned from, so that it is LearnedOnAverage of all of them; 0: whole
/// texts.
[[nodiscard]] int lengthLearned(const std::vector<engine::TokenIds> &unlabelled);

/// How a run is cross-validated.
struct FoldPlan {
    int folds = 5;
    size_t unlabelled = 0;  ///< each round learns from so many of them, spread evenly over all
};

/// Five folds. Where that is more than CrossValidationTokens, three, and then fewer unlabelled rows, but a hundred and
/// two for each labelled one where there are so many. Labelled rows are never left out.
[[nodiscard]] FoldPlan planFolds(const engine::TrainRequest &request);

/// Those that each round learns from.
[[nodiscard]] std::vector<engine::TokenIds> unlabelledOf(const FoldPlan &plan, const engine::TrainRequest &request);

/// Where unlabelled texts are learned from in part.
[[nodiscard]] std::string noteOnPart(const engine::TrainRequest &request);
/// Where rounds learn from fewer unlabelled rows than the run.
[[nodiscard]] std::string noteOnFolds(const FoldPlan &plan, const engine::TrainRequest &request);

}  // namespace core
