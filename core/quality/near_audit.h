// SPDX-License-Identifier: Apache-2.0
// What is nearly the same among the labelled rows: takes longer than the audit that runs as people type.
#pragma once

#include "core/base/progress.h"
#include "core/engine/matrix.h"
#include "core/quality/audit.h"

namespace core {

struct NearOptions {
    double similarity = 0.8;  ///< of the letters, see near_duplicates.h
    double cosine = 0.97;     ///< of the features, see paraphrases.h
    /// What an encoder says of texts, rows x features; without it only letters are compared.
    std::function<base::Result<engine::Matrix>(const std::vector<std::string> &)> features{};
};

/// Comparing all with all takes longer than people wait beyond this.
constexpr size_t MostParaphraseRows = 20'000;

/// Findings about rows of train and test that are nearly the same and not equal to the letter: near_duplicates within
/// train, near_contradictions under different labels, near_leaks between train and test; with features, of up to
/// MostParaphraseRows, also paraphrases, paraphrase_contradictions and paraphrase_leaks: rows that say the same in
/// other words. Of each group the first row stays out of near_duplicates and paraphrases, so that one remains when the
/// others are deleted; groups under several labels are not in them.
[[nodiscard]] base::Result<std::vector<Finding>> auditNearDuplicates(const Service &service, const NearOptions &options,
                                                                     const base::WorkContext &context);

}  // namespace core
