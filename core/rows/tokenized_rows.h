// SPDX-License-Identifier: Apache-2.0
// Rows of a service as the engine takes them.
#pragma once

#include "core/engine/nets_interface.h"
#include "core/engine/text/tokenizer.h"
#include "core/service/service.h"

#include <memory>
#include <span>

namespace core {

/// Rows of one split whose label is among `labels`, or that have none of the classes, in id order. Of several labels
/// those among `labels` count.
struct LabelledRows {
    std::vector<int64_t> ids;
    std::vector<std::string> texts;
    std::vector<int> labels;        ///< index into the label names asked for; with combinations, the number of one
    std::vector<int64_t> groups;    ///< equal for rows equal but for case and spaces
    std::vector<int64_t> families;  ///< RowFamilies::family of each
    std::vector<int64_t> hashes;    ///< rowHash of each
    engine::Combinations combinations{};  ///< where a row may have several labels
};

enum class LabelledBy { Anybody, People, Teachers };
[[nodiscard]] base::Result<LabelledRows> readLabelled(const Service &service, Split split,
                                                      const std::vector<std::string> &labels,
                                                      LabelledBy by = LabelledBy::Anybody);

/// The rows at these places.
[[nodiscard]] LabelledRows picked(LabelledRows rows, std::span<const size_t> places);

/// Of each row the group that stays on one side when rows are held out, see firstAlike and RowFamilies: what is nearly
/// the same in train would give it away. Where nearly all rows of a class are one group, so that without it there is
/// nothing to learn the class from, those of that group stay together only where they are equal but for case and
/// spaces. Stops with Cancelled.
[[nodiscard]] base::Result<std::vector<int64_t>> groupsToHoldOut(const LabelledRows &rows,
                                                                 const base::WorkContext &context);

/// Rows of a split that have a text, whatever their labels: at most so many, from all over.
struct SpreadRows {
    std::vector<int64_t> ids;
    std::vector<std::string> texts;
    int64_t all = 0;  ///< from so many they were taken
};
[[nodiscard]] base::Result<SpreadRows> readSpread(const Service &service, Split split, size_t most,
                                                  const std::vector<int64_t> &withoutGroups = {});

/// At most so many of the rows, from all over: a sorted file keeps all its classes.
[[nodiscard]] LabelledRows evenlySpread(LabelledRows rows, size_t most);

/// Of the default base weights; null where they are not here.
[[nodiscard]] std::shared_ptr<const engine::Tokenizer> defaultTokenizerOrNull();

[[nodiscard]] std::vector<std::string> namesOf(const std::vector<Label> &classes);

/// What people say of a class, as rows to learn from: its name with its description, and the texts that belong there.
[[nodiscard]] std::vector<std::string> describingTexts(const Label &label);

/// The declared classes' names, in order.
struct ClassNames {
    std::vector<std::string> learned;
    std::string reject;  ///< see Label::isReject; empty: there is none
};
[[nodiscard]] base::Result<ClassNames> classNames(const Service &service);

}  // namespace core
