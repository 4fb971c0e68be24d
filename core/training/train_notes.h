// SPDX-License-Identifier: Apache-2.0
// What a training has to say beside its figures: sentences for people. Each is empty where there is nothing to say.
#pragma once

#include "core/rows/text_input.h"
#include "core/training/teacher_labels.h"

namespace core {

[[nodiscard]] std::string noteOnReject(const engine::TrainingConfig &config);

/// Where a tenth of the rows or more are nearly the same as others, made from them, or of one group by the service's
/// `column`: that these are not told apart when rows are held out. `groups`: as they are held out, `equal`: by equal
/// texts, one entry a row.
[[nodiscard]] std::string noteOnAlikeRows(const std::vector<int64_t> &groups, const std::vector<int64_t> &equal,
                                          const std::string &column = {});

/// Where texts are read in windows: how many train rows have several, and how many are longer than all of theirs.
/// `tokens`: what is read of each of the texts.
[[nodiscard]] std::string noteOnWindows(const std::vector<engine::TokenIds> &tokens,
                                        const std::vector<std::string> &texts, const TextInput &input);

/// Whether a teacher's labels are learned from, and why.
[[nodiscard]] std::string noteOnTaught(const TaughtTrial &trial, const std::vector<float> &weights);
[[nodiscard]] std::string noteOnOnlyTaught(size_t rows);
/// Where somebody wants a teacher's labels to be learned from and cross-validation is to choose.
[[nodiscard]] std::string noteOnSeenRows();

/// `trainRows`: of the head's cross-validation.
[[nodiscard]] std::string noteOnSelfTraining(const engine::SelfTraining &self, size_t trainRows);

[[nodiscard]] std::string noteOnCurve(const engine::LearningCurve &curve);

/// Where the classes hardly show in frozen features, that they do not, and what would help. `heldOut`: the head's
/// out-of-fold logits of train rows with these labels, one each.
[[nodiscard]] std::string noteOnFeatures(const engine::Matrix &heldOut, const std::vector<int> &labels);

[[nodiscard]] std::string noteOnEnd(int epochsDone, const engine::TrainingConfig &config);

}  // namespace core
