// SPDX-License-Identifier: Apache-2.0
// How much a training of few rows may compute beside what it needs: it is to end in minutes on two processors, also
// where texts are long.
#pragma once

#include "core/engine/nets_interface.h"

#include <string>

namespace core {

/// So many tokens for each unlabelled row that is there: as many as short texts have. Where texts are longer, fewer
/// rows are read, each of them whole: to learn from the beginnings of all rows costs as much and makes worse
/// confidences.
constexpr int64_t TokensForEach = 36;

/// Tokens that all rounds of a cross-validation learn from: two minutes of a processor with small weights. Choosing a
/// pass and setting the confidence needs no more.
constexpr int64_t CrossValidationTokens = 110'000;

/// Of all texts.
[[nodiscard]] int64_t tokensOf(const std::vector<engine::TokenIds> &texts);

/// Which of the unlabelled texts self-training reads, spread evenly over all: all of them, or as many as have
/// TokensForEach of each that there is, but a hundred.
[[nodiscard]] std::vector<size_t> unlabelledWithin(const std::vector<engine::TokenIds> &unlabelled);

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

/// Where fewer unlabelled rows are read than there are.
[[nodiscard]] std::string noteOnLongUnlabelled(size_t read, size_t all);
/// Where rounds learn from fewer unlabelled rows than the run.
[[nodiscard]] std::string noteOnFolds(const FoldPlan &plan, const engine::TrainRequest &request);

}  // namespace core
